package kr.kisgateway.gateway.face;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.kis.KisApiAnswer;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import kr.kisgateway.gateway.face.KisUpstream.Prepared;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.wire.RestCall;
import tools.jackson.databind.JsonNode;

/**
 * Queries of KIS's APIs by their names, for callers of the gateway's own API: within the same role, accounts, symbols and call
 * budget, and with the same masks, as those of programs that speak KIS's protocol.
 */
public final class NamedQueries {
    /** What stands in the place of the account and the login id in every answer. */
    private static final Masked MASKED = new Masked("0000000000", "owner");

    /** Values of the header {@code tr_cont} where there are more rows. */
    private static final Set<String> MORE = Set.of("M", "F");

    /** Inserted by the gateway; a caller cannot give them. */
    private static final Set<String> OF_THE_GATEWAY = Set.of("CANO", "ACNT_PRDT_CD", "USER_ID");

    private final KisUpstream upstream;
    private final Queries queries;

    NamedQueries(KisUpstream upstream, Queries queries) {
        this.upstream = upstream;
        this.queries = queries;
    }

    /** Whether a parameter is the gateway's. */
    static boolean isOfTheGateway(String parameter) {
        return OF_THE_GATEWAY.contains(parameter.toUpperCase(Locale.ROOT));
    }

    /**
     * Calls an API that reads; blocks.
     *
     * @param caller for the account of the call alone, if it has one
     * @param account alias of that account
     * @param api that is called
     * @param name its name, or its TR id where it has several
     * @param parameters in KIS's names
     * @param next of the answer before; empty for the first page
     */
    KisApiAnswer ask(
            Caller caller,
            String account,
            RestCall api,
            String name,
            Map<String, String> parameters,
            Map<String, String> next) {
        var given = new LinkedHashMap<>(parameters);
        given.putAll(next);
        for (String parameter : given.keySet()) {
            if (isOfTheGateway(parameter)) {
                throw RequestBody.invalid("parameters", "has " + parameter + ", which the gateway inserts");
            }
        }
        api.params().stream()
                .map(RestCall.Param::name)
                .filter("USER_ID"::equalsIgnoreCase)
                .forEach(parameter -> given.put(parameter, MASKED.htsId()));
        return switch (upstream.prepare(account, name, given)) {
            case Prepared.Refused(String message, String remedy) ->
                throw RequestBody.invalid("parameters", "is not what KIS documents: " + message + "; " + remedy);
            case Prepared.Ready(RestCall call, String trId, Map<String, String> complete) -> {
                requirePermitted(call, complete, caller);
                yield answer(
                        call,
                        trId,
                        queries.ask(
                                call,
                                trId,
                                complete,
                                !next.isEmpty(),
                                new Queries.Asker(caller, MASKED, caller.name(), caller.name(), false)));
            }
        };
    }

    private void requirePermitted(RestCall call, Map<String, String> fields, Caller caller) {
        switch (queries.refusal(call, fields, caller)) {
            case ACCOUNT ->
                throw new RefusedException(Refusal.of(
                        ErrorCode.FORBIDDEN,
                        "This API is about the account or its owner; your key has no role or account for it."));
            case SYMBOL ->
                throw new RefusedException(Refusal.of(ErrorCode.FORBIDDEN, "Your key is not for this symbol."));
            case NONE -> {}
        }
    }

    private static KisApiAnswer answer(RestCall call, String trId, Queries.Reply reply) {
        return switch (reply) {
            case Queries.Reply.Encoded(int _, String continuation, byte[] utf8) ->
                answer(call, trId, continuation, new String(utf8, StandardCharsets.UTF_8));
            case Queries.Reply.Text(int _, String continuation, String body) -> answer(call, trId, continuation, body);
            case Queries.Reply.UnknownPage() -> throw RequestBody.invalid("next", "is not of an earlier answer to you");
            case Queries.Reply.Unreadable() -> throw unreadable();
            case Queries.Reply.NoSlot() ->
                throw new RefusedException(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "The call budget has no slot in time."));
            case Queries.Reply.NoAnswer() ->
                throw new RefusedException(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time."));
        };
    }

    private static KisApiAnswer answer(RestCall call, String trId, String continuation, String body) {
        var tree = ApiJson.tree(body);
        if (!tree.isObject()) {
            throw unreadable();
        }
        return new KisApiAnswer(
                call.id(),
                trId,
                ApiJson.object(body),
                call.paging().flatMap(paging -> next(paging, continuation, tree)));
    }

    private static RefusedException unreadable() {
        return new RefusedException(
                Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "KIS answered something that is no JSON object."));
    }

    /** What asks for the following page; empty after the last. */
    private static Optional<Map<String, String>> next(RestCall.Paging paging, String continuation, JsonNode body) {
        var next = new LinkedHashMap<String, String>();
        for (String key : paging.keys()) {
            next.put(
                    key,
                    body.findValuesAsString(key.toLowerCase(Locale.ROOT)).stream()
                            .findFirst()
                            .orElse(""));
        }
        boolean hasContext = next.values().stream().anyMatch(value -> !value.isBlank());
        boolean isMore = hasContext && (!paging.header() || MORE.contains(continuation.strip()));
        next.putAll(paging.next());
        return isMore ? Optional.of(next) : Optional.empty();
    }
}
