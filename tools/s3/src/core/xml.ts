import { S3Error } from './errors.js';

export type XmlValue =
  string | number | boolean | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

const special = /[&<>"\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g;
const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text: string) =>
  text.replace(special, found => names[found] ?? `&#x${found.charCodeAt(0).toString(16)};`);

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map(each => element(name, each as XmlValue)).join('');
  if (typeof value !== 'object') return `<${name}>${escape(String(value))}</${name}>`;
  return `<${name}>${children(value as Record<string, XmlValue>)}</${name}>`;
}

const children = (value: Record<string, XmlValue>) =>
  Object.entries(value)
    .map(([name, child]) => element(name, child))
    .join('');

/** An array repeats its element; `undefined` leaves it out. */
export function writeXml(root: string, value: Record<string, XmlValue>): string {
  const namespace = root === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${children(value)}</${root}>`;
}

export interface XmlElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const malformed = () =>
  new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/y;
const deepest = 12;

/** Reads elements and text, which is all that S3's request bodies hold; document types are refused. */
export function parseXml(text: string): XmlElement {
  const top: XmlElement = { name: '', children: [], text: '' };
  const open: XmlElement[] = [top];
  token.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    const parent = open.at(-1);
    if (!found || !parent) throw malformed();
    const [, closing, qualified, , empty, words] = found;
    if (words !== undefined) parent.text += unescape(words);
    if (qualified === undefined) continue;
    const name = qualified.slice(qualified.indexOf(':') + 1);
    if (closing) {
      if (parent === top || parent.name !== name) throw malformed();
      open.pop();
      continue;
    }
    const child: XmlElement = { name, children: [], text: '' };
    parent.children.push(child);
    if (!empty) open.push(child);
    if (open.length > deepest) throw malformed();
  }
  const [root] = top.children;
  if (!root || open.length !== 1 || top.children.length !== 1 || top.text.trim() !== '') throw malformed();
  return root;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(words: string): string {
  return words.replace(/&([^;\s]{0,10});?/g, (_, name: string) => {
    const plain = entities[name];
    if (plain !== undefined) return plain;
    const code = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
    const point = code?.[1] ? parseInt(code[1], 16) : Number(code?.[2] ?? NaN);
    if (!(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) throw malformed();
    return String.fromCodePoint(point);
  });
}

export const all = (parent: XmlElement, name: string) => parent.children.filter(child => child.name === name);

export const textOf = (parent: XmlElement, name: string) => all(parent, name)[0]?.text;

export function root(text: string, name: string): XmlElement {
  const found = parseXml(text);
  if (found.name !== name) throw malformed();
  return found;
}

export function required(parent: XmlElement, name: string): string {
  const text = textOf(parent, name);
  if (text === undefined) throw malformed();
  return text;
}
