/** Runs the server until it is told to stop. Settings: S3_FOLDER, PORT, HOST, S3_REGION, S3_KEYS_JSON or S3_ACCESS_KEY and S3_SECRET_KEY. */
import { startS3 } from './server.js';
import { readSettings } from './settings.js';

try {
  const settings = readSettings(process.env);
  const server = await startS3(settings);
  console.log(`s3: for development and tests only, not for anyone's real data`);
  console.log(`s3: ${server.url} over ${settings.folder}, region ${settings.region}`);
  const stop = () => void server.close().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
} catch (error) {
  console.error(`s3: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
