package kr.kisgateway.client;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.parse.RestReply;
import kr.kisgateway.wire.parse.Row;

/**
 * The answer to a call of the catalog, or one page of it. Its values are read by their names in the catalog, in any
 * case: {@code answer.row("output").won("stck_prpr")}.
 *
 * @param call the catalog call
 * @param reply KIS's answer
 * @param hasMore whether another page follows
 */
public record KisAnswer(RestCall call, RestReply reply, boolean hasMore) {
    /** The block with this name, or the first of its list; empty when it has no row. */
    public Optional<Row> row(String block) {
        return reply.row(block);
    }

    /** The rows of the block with this name; an object counts as a list of one. */
    public List<Row> rows(String block) {
        return reply.rows(block);
    }

    /** The rows of the call's list, or its only block's; empty when it has neither. */
    public List<Row> rows() {
        return call.listBlock()
                .or(() -> call.blockNames().stream().findFirst())
                .map(reply::rows)
                .orElse(List.of());
    }
}
