package kr.kisgateway.wire;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * One REST call of the catalog, as the official samples know it.
 *
 * @param id the catalog's own name, for example {@code domestic_stock_order_cash}
 * @param category for example {@code domestic_stock}
 * @param nameKo the portal's title
 * @param method {@code GET} or {@code POST}
 * @param path without host and query
 * @param trIds the ids it is called by; empty for the OAuth calls
 * @param legacyTrIds ids of older samples, live and paper mixed; KIS may block them without notice
 * @param params the names exactly as sent, in the samples' order
 * @param outputs the answer's blocks and their columns; {@code (root)} is the body itself
 * @param pagingKeys the context fields of its pages, for example {@code FK100/NK100}; empty when it does not page
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
        Map<String, List<Column>> outputs,
        Optional<String> pagingKeys) {

    /** Every id this call answers to: live, paper, legacy. */
    public SequencedSet<String> everyTrId() {
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
     * @param paper the id in the paper environment; empty when the samples know none
     */
    public record TrId(String when, Optional<String> live, Optional<String> paper) {}

    /**
     * One parameter.
     *
     * @param name as sent
     * @param nameKo its title
     * @param description the samples' remark, often empty
     * @param required what the sample insists on, which is not always what the broker insists on
     * @param fixed the constant that is always sent
     * @param example from the sample's test call
     */
    public record Param(
            String name,
            String nameKo,
            String description,
            boolean required,
            Optional<String> fixed,
            Optional<String> example) {}

    /** One column of an answer. */
    public record Column(String name, String nameKo) {}
}
