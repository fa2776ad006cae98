package kr.kisgateway.gateway.checklist;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.meter.Meters;

/** The items, each by its check. */
public final class Checklist {
    private final Map<CheckItem, Check> checks;

    /** @throws IllegalArgumentException when an item has no check */
    public Checklist(Map<CheckItem, Check> checks) {
        for (CheckItem item : CheckItem.values()) {
            if (!checks.containsKey(item)) {
                throw new IllegalArgumentException(item + " has no check");
            }
        }
        this.checks = new EnumMap<>(checks);
    }

    /** All items now, in their order. */
    public List<CheckResult> at(Instant now) {
        return checks.values().stream().map(check -> check.at(now)).toList();
    }

    /** Registers the meters, of which dashboards show the list. */
    public void bindTo(Meters meters, InstantSource clock) {
        checks.forEach((item, check) -> meters.gauge(
                "checklist.failing",
                Meters.FLAG,
                "1 while the item of the daily checklist fails",
                () -> check.at(clock.instant()).fails() ? 1 : 0,
                "item",
                item.wireName()));
    }
}
