package kr.kisgateway.gateway.checklist;

import java.time.Instant;

/** Compares the figure of an item with its limit. Cheap: an answer and each reading of the meters evaluate all. */
@FunctionalInterface
public interface Check {
    CheckResult at(Instant now);
}
