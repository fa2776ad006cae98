package kr.kisgateway.simulator.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.Routes;
import kr.kisgateway.wire.RestCall;

/**
 * Routes a REST call by its method, path and TR id: to one of the calls that market and ledger answer themselves, or to the
 * catalog's.
 */
final class CallRouter {
    static final String TOKEN = "/oauth2/tokenP";
    static final String REVOCATION = "/oauth2/revokeP";
    static final String APPROVAL = "/oauth2/Approval";
    static final String HASHKEY = "/uapi/hashkey";

    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    static final String ORDER = TRADING + "order-cash";
    static final String CREDIT_ORDER = TRADING + "order-credit";
    static final String REVISION = TRADING + "order-rvsecncl";
    static final String DAILY_ORDERS = TRADING + "inquire-daily-ccld";
    static final String REVISABLE_ORDERS = TRADING + "inquire-psbl-rvsecncl";
    static final String BALANCE = TRADING + "inquire-balance";
    static final String BUYING_POWER = TRADING + "inquire-psbl-order";
    static final String PRICE = "/uapi/domestic-stock/v1/quotations/inquire-price";

    /** Calls that the market and the ledger answer themselves, with the ids of the live face; paper's begin with V. */
    private static final Map<String, List<String>> TR_IDS = Map.of(
            PRICE, List.of("FHKST01010100"),
            ORDER, List.of("TTTC0012U", "TTTC0802U", "TTTC0011U", "TTTC0801U"),
            CREDIT_ORDER, List.of("TTTC0052U", "TTTC0852U", "TTTC0051U", "TTTC0851U"),
            REVISION, List.of("TTTC0013U", "TTTC0803U"),
            DAILY_ORDERS, List.of("TTTC0081R", "TTTC8001R", "CTSC9215R", "CTSC9115R"),
            BALANCE, List.of("TTTC8434R"),
            BUYING_POWER, List.of("TTTC8908R"));

    /** The TR ids of sales, without the letter of the face. */
    private static final List<String> SELL_ORDERS = List.of("TTC0011U", "TTC0801U", "TTC0051U", "TTC0851U");

    /** Calls that paper does not have. */
    private static final Set<String> LIVE_ONLY = Set.of(CREDIT_ORDER);

    /** The route of a call. */
    sealed interface Route {
        /** @param api the catalog's call; empty when the market and the ledger answer it themselves */
        record Found(Optional<RestCall> api) implements Route {}

        record Refused(HttpAnswer answer) implements Route {}
    }

    private final BrokerRules rules;
    private final Faults faults;
    private final CatalogCallHandler catalogCalls;
    private final Map<String, List<String>> builtInTrIds = new HashMap<>();

    CallRouter(BrokerRules rules, Faults faults, CatalogCallHandler catalogCalls) {
        this.rules = rules;
        this.faults = faults;
        this.catalogCalls = catalogCalls;
        TR_IDS.forEach((path, ids) -> {
            if (rules.face() == Face.LIVE || !LIVE_ONLY.contains(path)) {
                builtInTrIds.put(path, ids.stream().map(this::trIdOfFace).toList());
            }
        });
    }

    private String trIdOfFace(String liveTrId) {
        return rules.face() == Face.LIVE || liveTrId.startsWith("F") ? liveTrId : "V" + liveTrId.substring(1);
    }

    boolean hasPath(String path) {
        return TR_IDS.containsKey(path) || path.equals(HASHKEY) || isOauth(path) || catalogCalls.hasPath(path);
    }

    static boolean isOauth(String path) {
        return path.equals(TOKEN) || path.equals(REVOCATION) || path.equals(APPROVAL);
    }

    /** Whether it is an order for domestic stocks, in cash or on credit. */
    static boolean isOrder(String path) {
        return path.equals(ORDER) || path.equals(CREDIT_ORDER);
    }

    /** Whether an order for domestic stocks is a sale. */
    static boolean isSale(Input.Rest order) {
        return SELL_ORDERS.stream().anyMatch(order.trId()::endsWith);
    }

    /** The occasion on which a fault may hit the call. */
    static Faults.Occasion occasion(Input.Rest call) {
        boolean hasVenue = isOrder(call.path()) || call.path().equals(REVISION);
        return new Faults.Occasion(
                target(call),
                hasVenue && call.body() instanceof Input.Body.Fields(Map<String, String> fields, String _)
                        ? call.path() + ":" + TradingCalls.venue(fields)
                        : call.path());
    }

    private static String target(Input.Rest call) {
        return switch (call.path()) {
            case TOKEN, REVOCATION, APPROVAL -> Faults.TOKENS;
            case ORDER, CREDIT_ORDER -> Faults.ORDERS;
            case REVISION -> Faults.REVISIONS;
            default -> {
                if (!call.method().equals("POST") || !call.path().contains("/trading/")) {
                    yield Faults.QUERIES;
                }
                yield call.path().endsWith("rvsecncl") ? Faults.REVISIONS : Faults.ORDERS;
            }
        };
    }

    /**
     * Routes an account query by its TR id, whatever other account query its path names: programs in use request the buying
     * power (TTTC8908R) on the path of the balance. [assumed]
     */
    Input.Rest routeByTrId(Input.Rest call) {
        String path = call.path();
        String trId = call.trId();
        boolean accountQuery = call.method().equals("GET") && path.contains("/trading/");
        if (!accountQuery || isBuiltIn(path, trId) || !catalogCalls.hasPath(path) || faults.isOn("route_by_path")) {
            return call;
        }
        return builtInTrIds.entrySet().stream()
                .filter(each ->
                        each.getKey().contains("/inquire-") && each.getValue().contains(trId))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> catalogCalls.accountQuery(trId).filter(of -> !catalogCalls.serves(path, trId)))
                .map(call::withPath)
                .orElse(call);
    }

    private boolean isBuiltIn(String path, String trId) {
        return builtInTrIds.getOrDefault(path, List.of()).contains(trId);
    }

    /** The route of a call whose caller is authenticated. */
    Route route(Input.Rest call) {
        if (faults.isOn("refuse_old_tr_ids") && catalogCalls.isLegacyTrId(call.trId())) {
            return new Route.Refused(AnswerBodies.error(200, "OPSQ0002", "없는 서비스 코드 입니다."));
        }
        Optional<RestCall> api = Optional.empty();
        boolean get = call.path().contains("/inquire-");
        if (!isBuiltIn(call.path(), call.trId()) || !call.method().equals(get ? "GET" : "POST")) {
            switch (catalogCalls.find(call.method(), call.path(), call.trId())) {
                case Routes.Route.Found(RestCall found) -> api = Optional.of(found);
                case Routes.Route.Refused(Reply reply) -> {
                    return new Route.Refused(new HttpAnswer(reply.status(), "", "", reply.body()));
                }
            }
        }
        Optional<HttpAnswer> wrong = headerError(call);
        return wrong.isPresent() ? new Route.Refused(wrong.get()) : new Route.Found(api);
    }

    private Optional<HttpAnswer> headerError(Input.Rest call) {
        String custType = call.headers().getOrDefault("custtype", rules.custTypeRequired() ? "" : "P");
        if (!custType.equals("P") && !custType.equals("B")) {
            return Optional.of(AnswerBodies.error(500, "EGW00208", "고객타입이 유효하지 않습니다."));
        }
        String type = call.headers().getOrDefault("content-type", "application/json");
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return Optional.of(AnswerBodies.error(500, "EGW00132", "Content-Type이 유효하지 않습니다."));
        }
        return Optional.empty();
    }
}
