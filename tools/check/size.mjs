// How long our source files are. ESLint refuses more than 300 lines; this also shows the median, which says more of
// a code base than its largest file, and covers files that ESLint does not read.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const limit = 300;
const wantedMedian = 80;
const source = /\.(ts|tsx|mjs|cjs|sol)$/;

// Tracked files, and new ones that are not ignored.
const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
const sizes = [...new Set(listed.toString().split('\0'))]
  .filter(file => source.test(file) && existsSync(join(root, file)))
  .map(file => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines);

const median = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
const tooLong = sizes.filter(({ lines }) => lines > limit);
const longest = sizes.at(-1);

for (const { file, lines } of tooLong) process.stdout.write(`${file} has ${lines} lines: at most ${limit}\n`);
process.stdout.write(
  `${sizes.length} source files, median ${median} lines, longest ${longest?.lines} (${longest?.file})\n`,
);
if (median >= wantedMedian) process.stdout.write(`the median is to stay below ${wantedMedian}\n`);
process.exitCode = tooLong.length > 0 || median >= wantedMedian ? 1 : 0;
