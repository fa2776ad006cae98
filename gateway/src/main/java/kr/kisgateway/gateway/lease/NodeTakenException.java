package kr.kisgateway.gateway.lease;

/** Another process with this node's id is listed and lives, so the data folder of one is a copy of the other's. */
public final class NodeTakenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NodeTakenException(LeaseNode node) {
        super("another process with the id of " + node.name() + " lives");
    }
}
