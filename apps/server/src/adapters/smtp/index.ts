import { createTransport } from "nodemailer";
import { type Letter, type Mail, MailError } from "../../ports/mail.ts";

export interface SmtpOptions {
  /** smtp://user:password@host:587 or smtps://host */
  readonly url: string;
  /** The deployment's own address. */
  readonly sender: string;
}

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Mail over SMTP. To any machine but this one nothing is said without TLS. */
export function openSmtp({ url, sender }: SmtpOptions): Mail {
  const at = new URL(url);
  const secure = at.protocol === "smtps:";
  const transport = createTransport({
    host: at.hostname.replace(/^\[|\]$/g, ""),
    port: at.port === "" ? (secure ? 465 : 587) : Number(at.port),
    secure,
    requireTLS: !secure && !loopback.has(at.hostname),
    ignoreTLS: !secure && loopback.has(at.hostname),
    ...(at.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(at.username), pass: decodeURIComponent(at.password) } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(letter) {
      try {
        await transport.sendMail({
          from: { name: oneLine(letter.fromName), address: sender },
          to: { name: oneLine(letter.to.name), address: addressOf(letter) },
          subject: oneLine(letter.subject),
          text: letter.text,
          html: letter.html,
          // No answers from holiday notices; no loops.
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        throw failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** Control characters end a header and begin another one: none gets that far. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();

function addressOf({ to: { address } }: Letter): string {
  // oxlint-disable-next-line no-control-regex -- as above
  if (!/^[^\s@,;<>"\u0000-\u001f]+@[^\s@,;<>"\u0000-\u001f]+$/.test(address))
    throw new MailError("This is not one address.", true);
  return address;
}

/** What the server said may hold the address it refused: its code alone is kept. */
function failureOf(error: unknown): MailError {
  if (error instanceof MailError) return error;
  const code = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const said = code > 0 ? `the mail server answered ${code}` : `the mail server was not reached (${why})`;
  return new MailError(said, code >= 500 && code < 600 && why !== "EAUTH", { cause: error });
}
