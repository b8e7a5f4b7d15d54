# One image for every service; the command chooses (docs/adr/0013-one-image.md):
#   docker build -t arena .
#   docker run arena apps/task-service/dist/main.js
# It needs no file of its own to be writable, runs as uid 1000, and stops in order on SIGTERM.
FROM node:24.21.0-bookworm-slim AS node
WORKDIR /arena

# What decides which packages are installed, and nothing else: the two installs below are repeated only when it changes.
FROM node AS manifests
COPY . /source
RUN cd /source && find . \( -name package.json -o -name package-lock.json -o -name .npmrc \) -exec cp --parents {} /arena \;

# No package's own install script runs: none is needed, and some download. What is optional is left out because Prisma's
# tools and the compiler are optional peers of the client; of our own dependencies none that runs is.
FROM node AS packages
COPY --from=manifests /arena .
RUN npm ci --omit=dev --omit=optional --ignore-scripts $(printf -- '--workspace=%s ' apps/*) && npm cache clean --force

FROM node AS build
COPY --from=manifests /arena .
RUN npm ci --ignore-scripts
COPY . .
# What runs: compiled code with its source maps, the migrations, and the API document that the gateway shows.
RUN node tools/build/build.mjs \
  && mkdir /product \
  && find apps/*/dist libs/*/dist tools/stack/dist \( -name '*.js' -o -name '*.js.map' \) -exec cp --parents {} /product \; \
  && cp -r --parents apps/*/prisma/migrations apps/*/migrations libs/*/migrations docs/openapi.json tools/stack/package.json /product

# The development chain of docker-compose.yml: docker build --target chain .
FROM node AS chain
COPY --from=build /arena/node_modules/@foundry-rs /opt/foundry
RUN ln -s /opt/foundry/anvil-linux-*/bin/anvil /usr/local/bin/anvil && install -d -o 1000 -g 1000 /chain
USER 1000:1000
ENTRYPOINT ["anvil"]

FROM node AS arena
COPY --from=packages /arena .
COPY --from=build /product .
ENV NODE_ENV=production
USER 1000:1000
# The API and, apart from it, /healthz, /readyz and /metrics.
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT ?? 9464}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["--eval", "console.error('which program? for example apps/task-service/dist/main.js'); process.exit(64)"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title="arena" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.revision="${REVISION}"
