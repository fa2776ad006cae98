package kr.kisgateway.wire;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * One REST call of the catalog, as in the official samples.
 *
 * @param id the catalog's own name, for example {@code domestic_stock_order_cash}
 * @param category for example {@code domestic_stock}
 * @param nameKo the portal's title
 * @param method {@code GET} or {@code POST}
 * @param path without host and query
 * @param trIds its TR ids; empty for the OAuth calls
 * @param legacyTrIds ids of older samples, live and paper mixed; KIS may block them without notice
 * @param params the names exactly as sent, in the samples' order
 * @param outputs the answer's blocks in the samples' order
 * @param paging how its pages follow each other; empty when the answer is one page
 * @param paperRemark the alternative in the paper environment where this call is missing there, in a sentence
 */
public record RestCall(
        String id,
        String category,
        String nameKo,
        String method,
        String path,
        List<TrId> trIds,
        List<String> legacyTrIds,
        List<Param> params,
        List<Block> outputs,
        Optional<Paging> paging,
        Optional<String> paperRemark) {

    /** Whether it reaches the account's ledger: orders, balances, executions. They have their own limit. */
    public boolean isLedger() {
        return path.contains("/trading/");
    }

    /** Whether it changes something at the broker, and so must never be sent twice: orders and their revisions. */
    public boolean isOrder() {
        return isLedger() && method.equals("POST");
    }

    /** The block whose rows are the answer's list; empty when every block is one object. */
    public Optional<String> listBlock() {
        return Stream.of(Shape.ARRAY, Shape.EITHER)
                .flatMap(shape -> outputs.stream().filter(block -> block.shape() == shape))
                .map(Block::name)
                .findFirst();
    }

    /** The columns of which one proves acceptance of an order: its number, or that it was processed. */
    public List<String> acceptanceColumns() {
        return Stream.of("ODNO", "RSVN_ORD_SEQ", "OVRS_RSVN_ODNO", "NRML_PRCS_YN")
                .filter(candidate -> outputs.stream()
                        .flatMap(block -> block.columns().stream())
                        .anyMatch(column -> column.name().equalsIgnoreCase(candidate)))
                .toList();
    }

    /** The names of the blocks that a valid answer has. */
    public List<String> blockNames() {
        return outputs.stream()
                .map(Block::name)
                .filter(name -> !name.equals(Block.ROOT))
                .toList();
    }

    /** All ids of this call: live, paper, legacy. */
    public SequencedSet<String> allTrIds() {
        SequencedSet<String> ids = new LinkedHashSet<>();
        trIds.stream()
                .flatMap(id -> Stream.of(id.live(), id.paper()))
                .flatMap(Optional::stream)
                .forEach(ids::add);
        ids.addAll(legacyTrIds);
        return ids;
    }

    /**
     * One id of the call.
     *
     * @param when the samples' own switch, such as {@code ord_dv=buy}; empty when there is one id only
     * @param live the id in the live environment
     * @param paper the id in the paper environment; empty when the samples have none
     */
    public record TrId(String when, Optional<String> live, Optional<String> paper) {}

    /**
     * One parameter.
     *
     * @param name as sent
     * @param nameKo its title
     * @param description the samples' remark, often empty
     * @param required whether it must be sent
     * @param blank whether it may be sent without a value
     * @param optional whether the samples send it only when it has a value
     * @param fixed the constant that is always sent
     * @param preset the samples' default value
     * @param example from the sample's test call
     * @param standard the broker's meaning of a blank or absent one; empty without one
     * @param initial the documented value of a first request, which may be blank; {@code {account}}, {@code {appkey}},
     *     {@code {appsecret}}, {@code {token}} and {@code {htsid}} stand for the customer's own
     */
    public record Param(
            String name,
            String nameKo,
            String description,
            boolean required,
            boolean blank,
            boolean optional,
            Optional<String> fixed,
            Optional<String> preset,
            Optional<String> example,
            Optional<String> standard,
            String initial) {}

    /** Whether a block is one object or a list of them. */
    public enum Shape {
        OBJECT,
        ARRAY,
        /** The samples read both: accept either. */
        EITHER
    }

    /**
     * One block of an answer.
     *
     * @param name such as {@code output1}; {@link #ROOT} is the body itself
     * @param columns those in the samples; an answer may have more
     */
    public record Block(String name, Shape shape, List<Column> columns) {
        /** The name of the body itself. */
        public static final String ROOT = "(root)";
    }

    /**
     * How the next page is requested (연속조회).
     *
     * @param keys the parameters that carry the answer's context; the answer has them in lower case, at its root or in a
     *     block
     * @param header whether the header {@code tr_cont} announces more; without it a non-blank context does
     * @param next further parameters that change from the second page on
     */
    public record Paging(List<String> keys, boolean header, Map<String, String> next) {}

    /** One column of an answer. */
    public record Column(String name, String nameKo) {}
}
