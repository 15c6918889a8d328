import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Cluster, OWNER } from "./cluster.ts";
import type { Runner } from "./runner.ts";
import { PORT } from "./socket-dir.ts";

const LOG_FILE_MIB = 8;

/**
 * Writes the three configuration files anew, at each start, outside the data folder: as root we must not
 * write into a folder where the database's user could have placed a symbolic link.
 *
 * @returns the arguments that make PostgreSQL read them
 */
export function writeConfiguration(cluster: Cluster, runner: Runner, socketDir: string): string[] {
  mkdirSync(cluster.etcDir, { recursive: true });
  chmodSync(cluster.etcDir, 0o755);
  const files = { config_file: "postgresql.conf", hba_file: "pg_hba.conf", ident_file: "pg_ident.conf" };
  const path = (name: string): string => join(cluster.etcDir, name);
  const texts = [
    [files.config_file, settings(cluster, socketDir)],
    [files.hba_file, ACCESS],
    [files.ident_file, owners(runner)],
  ] as const;
  for (const [name, text] of texts) {
    writeFileSync(path(name), text);
    chmodSync(path(name), 0o644);
  }
  return Object.entries(files).flatMap(([setting, name]) => ["-c", `${setting}=${path(name)}`]);
}

/** For the unix socket alone. The owner is known by its operating-system user: no password exists. */
const ACCESS = `# Written at each start.
local  all          ${OWNER}  peer  map=sworn
local  replication  ${OWNER}  peer  map=sworn
local  all          all          scram-sha-256
`;

function owners(runner: Runner): string {
  const line = (user: string): string => `sworn  "${user.replaceAll('"', '""')}"  ${OWNER}\n`;
  return `# Written at each start.\n${[...new Set(runner.owners)].map(line).join("")}`;
}

/** For a machine with 2 to 4 GB that also runs the server and ffmpeg. */
function settings(cluster: Cluster, socketDir: string): string {
  return `# Written at each start. Settings of your own belong into custom.conf beside this file.
listen_addresses = ''
port = ${PORT}
unix_socket_directories = ${quote(`"${socketDir.replaceAll('"', '""')}"`)}
unix_socket_permissions = 0700
max_connections = 100
cluster_name = ${quote(cluster.name)}

# Evidence: a commit that was answered survives a loss of power.
fsync = on
synchronous_commit = on
full_page_writes = on

shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
wal_compression = on
max_wal_size = 1GB
min_wal_size = 128MB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off

password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'

# Neither statements nor their values: they hold names, places and passwords of roles.
logging_collector = on
log_directory = ${quote(cluster.logDir)}
log_filename = 'postgresql-%Y%m%d-%H%M%S.log'
log_rotation_size = ${LOG_FILE_MIB}MB
log_rotation_age = 7d
log_file_mode = 0600
log_line_prefix = '%m [%p] %u@%d '
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'

include_if_exists = 'custom.conf'
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
