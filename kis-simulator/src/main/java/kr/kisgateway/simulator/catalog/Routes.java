package kr.kisgateway.simulator.catalog;

import java.util.Optional;
import kr.kisgateway.wire.CallRoutes;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/** Maps requests to calls of the catalog on one face, by method, path and TR id, with the refusal of other requests. */
public final class Routes {
    private final CallRoutes calls;
    private final Face face;

    public Routes(Catalog catalog, Face face) {
        this.calls = new CallRoutes(catalog, face == Face.PAPER);
        this.face = face;
    }

    /** Whether some call of the catalog has this path. */
    public boolean hasPath(String path) {
        return calls.hasPath(path);
    }

    /** Whether this TR id belongs to no current call, on either face. */
    public boolean isLegacyTrId(String trId) {
        return calls.isLegacyTrId(trId);
    }

    /** The path of the account query that a TR id belongs to; empty for other TR ids. */
    public Optional<String> accountQuery(String trId) {
        return calls.accountQuery(trId);
    }

    /** The call that a request maps to. */
    public sealed interface Route {
        record Found(RestCall call) implements Route {}

        record Refused(Reply reply) implements Route {}
    }

    public Route find(String method, String path, String trId) {
        return switch (calls.find(method, path, trId)) {
            case CallRoutes.Route.Found(RestCall call) -> new Route.Found(call);
            case CallRoutes.Route.OtherEnvironment() ->
                new Route.Refused(
                        face == Face.LIVE
                                ? Reply.refused(500, "1", "EGW02004", "실전투자 TR 이 아닙니다.")
                                : Reply.refused(500, "1", "EGW02006", "모의투자 TR 이 아닙니다."));
            case CallRoutes.Route.Unknown() -> new Route.Refused(Reply.refused(200, "1", "OPSQ0002", "없는 서비스 코드 입니다."));
        };
    }
}
