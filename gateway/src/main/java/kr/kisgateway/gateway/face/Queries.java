package kr.kisgateway.gateway.face;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import kr.kisgateway.gateway.face.KisUpstream.Outcome;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.wire.RestCall;

/**
 * Queries to KIS for a caller that knows the account under another number: within its role, its accounts and its symbols, and
 * with the rows of an answer that are its own.
 */
final class Queries {
    private final Forwarder forwarder;
    private final Map<String, AccountMask> masks;
    private final OwnOrders ownOrders;
    private final OwnBalances ownBalances;
    private final FaceAccounts accounts;

    /** @param masks by alias of the account */
    Queries(
            Forwarder forwarder,
            Map<String, AccountMask> masks,
            OwnOrders ownOrders,
            OwnBalances ownBalances,
            FaceAccounts accounts) {
        this.forwarder = forwarder;
        this.masks = masks;
        this.ownOrders = ownOrders;
        this.ownBalances = ownBalances;
        this.accounts = accounts;
    }

    /**
     * Who asks.
     *
     * @param masked how it knows the account
     * @param keyId seals the keys of following pages, which are good for it alone
     * @param keyName owner of orders and of a share of the call budget
     * @param ownBalances whether balances show its share by its own fills instead of the account
     */
    record Asker(Caller caller, Masked masked, String keyId, String keyName, boolean ownBalances) {}

    /** Why a query is refused. */
    enum Refused {
        /** The caller's role or accounts. */
        ACCOUNT,
        /** The caller's symbols. */
        SYMBOL,
        NONE
    }

    /** The reply to a query. */
    sealed interface Reply {
        /** @param utf8 KIS's answer, the same for every caller; it must not be changed */
        record Encoded(int status, String continuation, byte[] utf8) implements Reply {}

        /** @param body KIS's answer for this caller */
        record Text(int status, String continuation, String body) implements Reply {}

        /** The key of the page is not this caller's. */
        record UnknownPage() implements Reply {}

        /** KIS's answer is no JSON. */
        record Unreadable() implements Reply {}

        /** The call budget had no slot in time. */
        record NoSlot() implements Reply {}

        /** KIS did not answer in time. */
        record NoAnswer() implements Reply {}
    }

    /** Whether the caller may make this call. */
    Refused refusal(RestCall call, Map<String, String> fields, Caller caller) {
        if ((call.isLedger() || isPersonal(call))
                && !(caller.role().covers(Role.TRADE) && caller.mayUseAccount(accounts.of(caller)))) {
            return Refused.ACCOUNT;
        }
        return SymbolScope.permits(call, fields, caller) ? Refused.NONE : Refused.SYMBOL;
    }

    /** Whether it answers what the owner has stored at KIS: conditions, groups of stocks. */
    static boolean isPersonal(RestCall call) {
        return call.params().stream().anyMatch(param -> param.name().equalsIgnoreCase("USER_ID"));
    }

    /** The fields with the real account; empty when a page key is not this caller's. */
    Optional<Map<String, String>> toKis(Map<String, String> fields, Asker asker) {
        return mask(asker).toKis(fields, asker.masked(), asker.keyId());
    }

    /** A text of KIS with the account as the caller knows it; empty for what is no JSON. */
    Optional<String> fromKis(String body, Asker asker) {
        return mask(asker).fromKis(body, asker.masked(), asker.keyId());
    }

    /** Sends the query when the call budget has a slot; blocks. */
    Reply ask(RestCall call, String trId, Map<String, String> fields, boolean isContinuation, Asker asker) {
        Optional<Map<String, String>> parameters = toKis(fields, asker);
        if (parameters.isEmpty()) {
            return new Reply.UnknownPage();
        }
        return switch (forwarder.forward(
                accounts.of(asker.caller()),
                new KisUpstream.Query(call.path(), trId, parameters.get(), isContinuation, call.isLedger()),
                asker.keyName())) {
            case Outcome.Answered answered -> answer(call, answered, asker);
            case Outcome.NoSlot() -> new Reply.NoSlot();
            case Outcome.NoAnswer() -> new Reply.NoAnswer();
        };
    }

    private Reply answer(RestCall call, Outcome.Answered answered, Asker asker) {
        boolean whole = isSeenWhole(call, asker);
        return (whole ? mask(asker).neutral(answered.body()) : Optional.<byte[]>empty())
                .<Reply>map(bytes -> new Reply.Encoded(answered.status(), answered.continuation(), bytes))
                .or(() -> fromKis(answered.body(), asker)
                        .map(masked -> whole ? masked : part(call, masked, asker))
                        .map(masked -> new Reply.Text(answered.status(), answered.continuation(), masked)))
                .orElseGet(Reply.Unreadable::new);
    }

    private static boolean isSeenWhole(RestCall call, Asker asker) {
        boolean everyRow = !call.isLedger() || asker.caller().symbols().isEmpty();
        boolean everyOrder = !OwnOrders.isOrderList(call) || !asker.caller().ownOrdersOnly();
        return everyRow && everyOrder && !isOwnShare(call, asker);
    }

    private static boolean isOwnShare(RestCall call, Asker asker) {
        return OwnBalances.isBalance(call) && asker.ownBalances();
    }

    private String part(RestCall call, String body, Asker asker) {
        String rows = SymbolScope.rows(call, body, asker.caller());
        if (isOwnShare(call, asker)) {
            return ownBalances.filter(call, rows, asker.keyName(), accounts.of(asker.caller()));
        }
        return OwnOrders.isOrderList(call) ? ownOrders.filter(call, rows, asker.caller()) : rows;
    }

    private AccountMask mask(Asker asker) {
        return Objects.requireNonNull(masks.get(accounts.of(asker.caller())), "every account has a mask");
    }
}
