export {
  type RetentionDecision,
  type RetentionFacts,
  type RetentionPeriod,
  decideRetention,
} from "./decide-retention.ts";
