package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/** Maps requests to calls of the catalog on one face, by method, path and TR id. */
public final class Routes {
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
    private final Face face;

    public Routes(Catalog catalog, Face face) {
        this.catalog = catalog;
        this.face = face;
    }

    /** Whether some call of the catalog has this path. */
    public boolean hasPath(String path) {
        return !catalog.restByPath(path).isEmpty();
    }

    /** Whether this TR id belongs to no current call, on either face. */
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

    /** The call that a request maps to. */
    public sealed interface Route {
        record Found(RestCall call) implements Route {}

        record Refused(Reply reply) implements Route {}
    }

    public Route find(String method, String path, String trId) {
        if (face == Face.LIVE && trId.startsWith("V")) {
            return new Route.Refused(Reply.refused(500, "1", "EGW02004", "실전투자 TR 이 아닙니다."));
        }
        Optional<RestCall> call = catalog.restByPath(path).stream()
                .filter(each -> each.method().equals(method))
                .findFirst();
        if (call.isPresent() && serves(call.get(), trId)) {
            return new Route.Found(call.get());
        }
        return face == Face.PAPER && call.isPresent() && isLiveTrId(call.get(), trId)
                ? new Route.Refused(notInPaper())
                : new Route.Refused(Reply.refused(200, "1", "OPSQ0002", "없는 서비스 코드 입니다."));
    }

    private boolean serves(RestCall call, String trId) {
        boolean current = call.trIds().stream()
                .anyMatch(id -> (face == Face.LIVE ? id.live() : id.paper())
                        .filter(trId::equals)
                        .isPresent());
        return current || isLegacy(call, trId) && trId.startsWith("V") == (face == Face.PAPER);
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

    private static Reply notInPaper() {
        return Reply.refused(500, "1", "EGW02006", "모의투자 TR 이 아닙니다.");
    }
}
