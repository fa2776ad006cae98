package kr.kisgateway.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The call of the catalog that a method, a path and a TR id select in one of KIS's environments. */
public final class CallRoutes {
    /** Ids that popular clients still send and the catalog's source no longer contains; V in the first place is paper. */
    private static final Map<String, List<String>> LEGACY_TR_IDS = Map.of(
            "domestic_stock_inquire_daily_ccld", List.of("CTSC9115R", "VTTC8001R", "VTSC9115R"),
            "domestic_stock_order_cash", List.of("TTTC0801U", "VTTC0801U"),
            "domestic_stock_order_credit", List.of("TTTC0851U"),
            "overseas_stock_inquire_balance", List.of("JTTT3012R", "VTTT3012R"),
            "overseas_stock_inquire_ccnl", List.of("JTTT3001R", "VTTT3001R"),
            "overseas_stock_inquire_nccs", List.of("JTTT3018R", "VTTT3018R"),
            "overseas_stock_order", List.of("JTTT1002U", "JTTT1006U"),
            "overseas_stock_order_rvsecncl", List.of("JTTT1004U"));

    private final Catalog catalog;
    private final boolean paper;

    /** @param paper whether these are the calls of the practice system */
    public CallRoutes(Catalog catalog, boolean paper) {
        this.catalog = catalog;
        this.paper = paper;
    }

    /** The result of a search. */
    public sealed interface Route {
        record Found(RestCall call) implements Route {}

        /** The TR id belongs to the other environment. */
        record OtherEnvironment() implements Route {}

        /** No call has this path with this TR id. */
        record Unknown() implements Route {}
    }

    public Route find(String method, String path, String trId) {
        if (!paper && trId.startsWith("V")) {
            return new Route.OtherEnvironment();
        }
        Optional<RestCall> call = catalog.restByPath(path).stream()
                .filter(each -> each.method().equals(method))
                .findFirst();
        if (call.isPresent() && serves(call.get(), trId)) {
            return new Route.Found(call.get());
        }
        return paper && call.isPresent() && isLiveTrId(call.get(), trId)
                ? new Route.OtherEnvironment()
                : new Route.Unknown();
    }

    /** Whether some call of the catalog has this path. */
    public boolean hasPath(String path) {
        return !catalog.restByPath(path).isEmpty();
    }

    /** Whether this TR id belongs to no current call, in either environment. */
    public boolean isLegacyTrId(String trId) {
        return catalog.restByTrId(trId).stream()
                .flatMap(call -> call.trIds().stream())
                .noneMatch(id -> id.live().filter(trId::equals).isPresent()
                        || id.paper().filter(trId::equals).isPresent());
    }

    /** The path of the account query that a TR id belongs to; empty for other TR ids. */
    public Optional<String> accountQuery(String trId) {
        return catalog.restByTrId(trId).stream()
                .filter(call -> call.method().equals("GET") && call.isLedger() && serves(call, trId))
                .map(RestCall::path)
                .findFirst();
    }

    private boolean serves(RestCall call, String trId) {
        boolean current = call.trIds().stream()
                .anyMatch(id ->
                        (paper ? id.paper() : id.live()).filter(trId::equals).isPresent());
        return current || isLegacy(call, trId) && trId.startsWith("V") == paper;
    }

    /** Whether an id is an earlier one of the call, and not another call's current id. */
    private boolean isLegacy(RestCall call, String trId) {
        boolean listed = call.legacyTrIds().contains(trId)
                && catalog.restByTrId(trId).stream()
                        .findFirst()
                        .filter(call::equals)
                        .isPresent();
        return listed || LEGACY_TR_IDS.getOrDefault(call.id(), List.of()).contains(trId);
    }

    private boolean isLiveTrId(RestCall call, String trId) {
        return call.trIds().stream()
                        .anyMatch(id -> id.live().filter(trId::equals).isPresent())
                || isLegacy(call, trId);
    }
}
