import { createRequire } from "node:module";
import type { AuditLine, AuditPage } from "@sworn/contract";
import type PdfDocument from "pdfkit";
import { unpackFont } from "./unpack-font.ts";

/** More pages than this are not made; the last one says so. */
export const MOST_PAGES = 100;

export interface ReportFacts {
  readonly agency: string;
  readonly timeZone: string;
  /** Who had it made, and when. */
  readonly by: string;
  readonly at: Date;
  /** The filters in words; empty: none. */
  readonly asked: string;
  readonly checkpoint: AuditPage["checkpoint"];
}

const find = createRequire(import.meta.url).resolve;
const plex = (subset: string, weight: number): Buffer =>
  unpackFont(find(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-${subset}-${weight}-normal.woff`));
/** Which font has a letter; what none of them has is shown as a square. */
const subsets: readonly (readonly [string, RegExp])[] = [
  ["latin", /[\s\u0020-\u00ff\u0131\u0152\u0153\u02bb-\u02dc\u2000-\u206f\u20ac\u2122\u2191\u2193\u2212\u2215]/u],
  ["latin-ext", /[\u0100-\u024f\u1e00-\u1eff]/u],
  ["cyrillic", /[\u0400-\u045f\u0490\u0491\u04b0\u04b1\u2116]/u],
  ["greek", /[\u0370-\u03ff]/u],
];
const MARGIN = 36;
const WIDTHS = [104, 62, 108, 160, 250, 86] as const;
const HEADS = ["Time", "What", "Who", "Item or subject, as titled then", "What happened", "In the log"];

/**
 * The report as a tagged PDF, so that a screen reader can read its tables; page by page, letting others work in
 * between. Ends after `MOST_PAGES` and says so.
 */
export async function toPdf(facts: ReportFacts, pages: AsyncIterable<readonly AuditLine[]>): Promise<Buffer> {
  // Only here, by the first who wants one: with its fonts it is a quarter of the time that the server needs to start.
  const { default: Pdf } = await import("pdfkit");
  const report = new Report(facts, Pdf);
  let whole = true;
  for await (const lines of pages) {
    for (const [at, line] of lines.entries()) {
      if (at % 20 === 0) await new Promise(setImmediate);
      whole = report.add(line);
      if (!whole) break;
    }
    if (!whole) break;
  }
  return await report.end(whole);
}

class Report {
  readonly #doc: PDFKit.PDFDocument;
  readonly #facts: ReportFacts;
  readonly #chunks: Buffer[] = [];
  readonly #clock: Intl.DateTimeFormat;
  #table: PDFKit.PDFStructureElement;
  #lines = 0;
  #pages = 1;

  constructor(facts: ReportFacts, Pdf: typeof PdfDocument) {
    this.#facts = facts;
    this.#clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: facts.timeZone,
      dateStyle: "medium",
      timeStyle: "medium",
    });
    const doc = new Pdf({
      size: "A4",
      layout: "landscape",
      margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
      bufferPages: true,
      tagged: true,
      pdfVersion: "1.7",
      lang: "en",
      displayTitle: true,
      info: { Title: `Audit report, ${facts.agency}`, Author: facts.by, CreationDate: facts.at },
      font: "", // none of the library's own, which know Western letters only
    });
    doc.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
    for (const [subset] of subsets) doc.registerFont(subset, plex(subset, 400));
    doc.registerFont("bold", plex("latin", 600));
    this.#doc = doc;
    this.#head();
    this.#table = this.#beginTable();
  }

  /** False: there is no room for it. */
  add(line: AuditLine): boolean {
    const cells = this.#cells(line);
    const height = Math.max(...cells.map((text, at) => this.#height(text, at)));
    if (this.#doc.y + height > this.#doc.page.height - MARGIN - 18) {
      if (this.#pages >= MOST_PAGES) return false;
      this.#table.end();
      this.#doc.addPage();
      this.#pages += 1;
      this.#table = this.#beginTable();
    }
    this.#row(cells, height, "TD");
    this.#lines += 1;
    return true;
  }

  async end(whole: boolean): Promise<Buffer> {
    const doc = this.#doc;
    this.#table.end();
    const said = whole
      ? `End of the report: ${this.#lines} ${this.#lines === 1 ? "entry" : "entries"}.`
      : `The report ends here, after ${MOST_PAGES} pages and ${this.#lines} entries; there are more. Narrow the filters, or take the CSV.`;
    if (doc.y > doc.page.height - MARGIN - 60) doc.addPage();
    this.#paragraph(said, "bold");
    const { start, count } = doc.bufferedPageRange();
    for (let at = start; at < start + count; at += 1) {
      doc.switchToPage(at);
      doc.page.margins.bottom = 0; // the foot lies below what text may fill
      doc.markContent("Artifact", { type: "Pagination" } as unknown as PDFKit.Mixins.MarkingOptions);
      doc.fontSize(8).fillColor("#555555");
      this.#text(
        `${this.#facts.agency} · audit report · page ${at - start + 1} of ${count}`,
        MARGIN,
        doc.page.height - 28,
        770,
      );
      doc.endMarkedContent();
    }
    const ended = new Promise((resolve) => doc.once("end", resolve));
    doc.end();
    await ended;
    return Buffer.concat(this.#chunks);
  }

  #head(): void {
    const { agency, by, at, asked, checkpoint, timeZone } = this.#facts;
    const doc = this.#doc;
    doc.addStructure(
      doc.struct("H1", {}, () => {
        doc.fontSize(18).fillColor("#111111");
        this.#text(`Audit report, ${agency}`, MARGIN, MARGIN, 770, "bold");
      }),
    );
    this.#paragraph(`Made by ${by} on ${this.#clock.format(at)} (${timeZone}). Times are in this zone.`);
    this.#paragraph(`Asked for: ${asked === "" ? "everything" : asked}.`);
    this.#paragraph(
      checkpoint === null
        ? "The custody log had no checkpoint yet."
        : `Custody log when this was made: ${checkpoint.size} entries, root ${checkpoint.root}, signed ${checkpoint.at}. ` +
            "Each line names its index and commitment in that log; anyone with the checkpoint can hold the line against it.",
    );
    doc.moveDown(0.6);
  }

  #paragraph(text: string, font?: "bold"): void {
    const doc = this.#doc;
    doc.addStructure(
      doc.struct("P", {}, () => {
        doc.fontSize(9).fillColor("#222222");
        this.#text(text, MARGIN, doc.y + 3, 770, font);
      }),
    );
  }

  #beginTable(): PDFKit.PDFStructureElement {
    const table = this.#doc.struct("Table");
    this.#doc.addStructure(table);
    this.#table = table;
    this.#row(HEADS, 14, "TH");
    return table;
  }

  #row(cells: readonly string[], height: number, kind: "TH" | "TD"): void {
    const doc = this.#doc;
    const top = doc.y;
    const row = doc.struct("TR");
    this.#table.add(row);
    let left = MARGIN;
    for (const [at, text] of cells.entries()) {
      const [x, width] = [left, WIDTHS[at] ?? 0];
      row.add(
        doc.struct(kind, {}, () => {
          doc.fontSize(7.5).fillColor("#111111");
          this.#text(text, x, top, width - 6, kind === "TH" ? "bold" : undefined);
        }),
      );
      left += width;
    }
    row.end();
    doc.markContent("Artifact");
    doc
      .moveTo(MARGIN, top + height - 1)
      .lineTo(left, top + height - 1)
      .lineWidth(0.4)
      .strokeColor("#bbbbbb")
      .stroke();
    doc.endMarkedContent();
    doc.y = top + height + 1;
  }

  #height(text: string, column: number): number {
    const doc = this.#doc.fontSize(7.5).font("latin");
    // Letters of other fonts are counted as wide ones: too much room rather than too little.
    const wide = text.replaceAll(/[^\s\u0020-\u00ff\u2000-\u206f]/gu, "w");
    return Math.min(doc.heightOfString(wide, { width: (WIDTHS[column] ?? 0) - 6 }), 90) + 5;
  }

  /** Cut at ten lines: a title is at most 200 characters, a reason may be a page. */
  #text(text: string, x: number, y: number, width: number, bold?: "bold"): void {
    const runs = runsOf(text);
    for (const [at, [font, part]] of runs.entries()) {
      this.#doc.font(bold !== undefined && font === "latin" ? bold : font);
      const options = { width, height: 90, ellipsis: true, continued: at < runs.length - 1 };
      if (at === 0) this.#doc.text(part, x, y, options);
      else this.#doc.text(part, options);
    }
  }

  #cells(line: AuditLine): string[] {
    const subject = line.subject;
    const title = subject?.title ?? (subject === null ? "" : `${subject.kind} ${subject.id.slice(0, 8)}`);
    const happened = line.sealed ? "Sealed" : (line.sentence ?? "The text of this entry was destroyed.");
    return [
      this.#clock.format(new Date(line.at)),
      line.did?.replace("-", " ") ?? "",
      line.actor?.name ?? "",
      subject?.kind === "evidence" && subject.titleFrom === "today" ? `${title} (today's title)` : title,
      line.reason === null || happened.includes(line.reason) ? happened : `${happened} Reason: ${line.reason}`,
      `${line.index ?? "waiting"} · ${line.commitment.slice(0, 12)}…`,
    ];
  }
}

/** The text in pieces that one font has; spaces and signs stay with the letters before them. */
function runsOf(text: string): [font: string, part: string][] {
  const runs: [string, string][] = [];
  for (const letter of text) {
    const last = runs.at(-1);
    const font = subsets.find(([, has]) => has.test(letter))?.[0] ?? "latin";
    if (last !== undefined && (last[0] === font || letter === " ")) last[1] += letter;
    else runs.push([font, letter]);
  }
  return runs.length === 0 ? [["latin", ""]] : runs;
}
