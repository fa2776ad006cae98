package kr.kisgateway.simulator.broker;

import java.util.List;

/** All records a file holds, the newest of each thing, in the order of their first writing; orders by their priority. */
public record Kept(List<Change> changes) {
    public Kept {
        changes = List.copyOf(changes);
    }

    /** A new file's. */
    public static Kept nothing() {
        return new Kept(List.of());
    }
}
