/** As much of PostgreSQL's JSON plan as is looked at. */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

/** A plan in one line: what is done and by which index, without costs, rows and values. Equal children are counted. */
export function planLine(node: PlanNode): string {
  const name = shortNames[node["Node Type"]] ?? node["Node Type"].toLowerCase();
  const what = node["Index Name"] ?? node["Relation Name"];
  const own = what === undefined ? name : `${name} ${what}`;
  const below = (node.Plans ?? []).map(planLine);
  // What only passes rows on says nothing about how they were found.
  if (passing.has(node["Node Type"]) && below.length === 1) return below[0] ?? own;
  if (below.length === 0) return own;
  const counted = [...new Set(below)].map((line) => {
    const times = below.filter((each) => each === line).length;
    return times === 1 ? line : `${line} (each of several)`;
  });
  return `${own}[${counted.join(", ")}]`;
}

/** Every node of the plan. */
export function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

const passing = new Set([
  "Limit",
  "Result",
  "Subquery Scan",
  "Materialize",
  "Gather",
  "Gather Merge",
  "Hash",
  "Memoize",
]);
const shortNames: Readonly<Record<string, string>> = {
  "Index Scan": "index",
  "Index Only Scan": "index",
  "Bitmap Heap Scan": "heap",
  "Bitmap Index Scan": "bitmap",
  "Seq Scan": "ALL OF",
  "Merge Append": "merge",
  "Nested Loop": "loop",
};
