// What we ask of Solidity sources beyond forge's own checks. They are read as text that `forge fmt` has laid out: a
// declaration starts its line, members are indented by four.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const limit = 300;
const unit = /^(?:abstract )?(?:contract|interface|library) \w+/;
const member = /^ {4}(?:function|event|error|struct|enum|modifier|constructor)\b/;
const variable =
  /^ {4}(?:mapping\(|[\w.]+(?:\[\w*\])*\s+(?:(?:public|internal|private|constant|immutable|transient|override)\s+)*\w+\s*(?:;|=))/;
const hidden = /\b(?:internal|private)\b|^ {4}(?:struct|enum)\b/;

/** Files of Solidity that are too long. */
export function longFiles(contracts) {
  return ['src', 'test', 'script']
    .flatMap(folder => sources(join(contracts, folder)))
    .map(file => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > limit)
    .map(({ file, lines }) => `${file.slice(contracts.length)} has ${lines} lines: at most ${limit}`);
}

/** Items of src/ without NatSpec. */
export function undocumented(contracts) {
  return sources(join(contracts, 'src')).flatMap(file =>
    lacking(readFileSync(file, 'utf8')).map(line => `${file.slice(contracts.length)}:${line} says nothing of itself`),
  );
}

/** Lines of declarations without their tag: @title of a contract, @notice of what anybody sees, @dev at least of the rest. */
export function lacking(source) {
  const lines = source.split('\n');
  return lines.flatMap((line, i) => {
    const tag = tagOf(lines, i);
    return tag === undefined || tag.test(commentAbove(lines, i)) ? [] : [i + 1];
  });
}

function tagOf(lines, i) {
  if (unit.test(lines[i])) return /@title /;
  if (!member.test(lines[i]) && !variable.test(lines[i])) return undefined;
  const end = lines.findIndex((line, j) => j >= i && /[{;]/.test(line));
  const header = lines.slice(i, end + 1).join(' ');
  const seen = / {4}constructor\b/.test(header) || !hidden.test(header.split(/ = /)[0]);
  return seen ? /@(?:notice|inheritdoc) / : /@(?:notice|inheritdoc|dev) /;
}

function commentAbove(lines, i) {
  let first = i;
  while (first > 0 && /^\s*\/\/\//.test(lines[first - 1])) first--;
  return lines.slice(first, i).join('\n');
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.sol'))
    .map(entry => join(entry.parentPath, entry.name));
}
