package kr.kisgateway.gateway.http;

import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;

/**
 * The authenticated caller of a request. Created by the {@link Gatekeeper} once per request.
 *
 * @param name the principal: the key's name, or {@code local} where no key is needed. Idempotency keys and shares of
 *     the call budget belong to it
 * @param role its permissions
 * @param accounts aliases of the accounts it may use; empty, all
 * @param symbols codes of the symbols it may see and order; empty, all
 * @param strategy the label of its orders; empty, any
 * @param ownOrdersOnly whether it sees and changes only the orders that it placed itself
 * @param secretFingerprint distinguishes its secret from another of the same key; empty without a key
 */
public record Caller(
        String name,
        Role role,
        Optional<Set<String>> accounts,
        Optional<Set<String>> symbols,
        Optional<String> strategy,
        boolean ownOrdersOnly,
        String secretFingerprint) {
    /** Name of a caller without a key. */
    public static final String LOCAL_NAME = "local";

    public Caller {
        accounts = accounts.map(Set::copyOf);
        symbols = symbols.map(Set::copyOf);
    }

    /** A caller for some accounts and symbols, without a secret. */
    public Caller(String name, Role role, Optional<Set<String>> accounts, Optional<Set<String>> symbols) {
        this(name, role, accounts, symbols, Optional.empty(), false, "");
    }

    /** The same caller with another role. */
    public Caller withRole(Role other) {
        return new Caller(name, other, accounts, symbols, strategy, ownOrdersOnly, secretFingerprint);
    }

    /** The same caller for these accounts alone. */
    public Caller withAccounts(Set<String> others) {
        return new Caller(name, role, Optional.of(others), symbols, strategy, ownOrdersOnly, secretFingerprint);
    }

    /** A caller on this machine with {@code role}, every account and symbol. */
    public static Caller local(Role role) {
        return new Caller(LOCAL_NAME, role, Optional.empty(), Optional.empty());
    }

    /** Whether the caller has no key. */
    public boolean isLocal() {
        return name.equals(LOCAL_NAME);
    }

    public boolean mayUseAccount(String account) {
        return accounts.isEmpty() || accounts.get().contains(account);
    }

    public boolean mayReadSymbol(String symbol) {
        return symbols.isEmpty() || symbols.get().contains(symbol);
    }

    /** Whether the caller may see and change an order of {@code principal}, within its accounts and symbols. */
    public boolean mayManageOrdersOf(String principal) {
        return !ownOrdersOnly || name.equals(principal);
    }

    /** Whether the caller has no restriction of accounts, symbols, strategy or own orders. */
    public boolean isUnrestricted() {
        return accounts.isEmpty() && symbols.isEmpty() && strategy.isEmpty() && !ownOrdersOnly;
    }

    /** Refuses an account outside the caller's scope, before any information about it is answered. */
    public void requireAccount(String account) {
        if (!mayUseAccount(account)) {
            throw forbidden("Your key is not for this account.", "account_id", account);
        }
    }

    /** Refuses a symbol outside the caller's scope. */
    public void requireSymbol(String symbol) {
        if (!mayReadSymbol(symbol)) {
            throw forbidden("Your key is not for this symbol.", "symbol", symbol);
        }
    }

    /**
     * Refuses a caller with any restriction.
     *
     * @param what subject of the call, which begins a sentence that continues with "every account"
     */
    public void requireUnrestricted(String what) {
        if (!isUnrestricted()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN,
                    what + " every account, symbol and key; your key is restricted to some of them."));
        }
    }

    private static RefusedException forbidden(String message, String field, String value) {
        return new RefusedException(Refusal.of(ErrorCode.FORBIDDEN, message)
                .with(field, value.length() > 40 ? value.substring(0, 40) : value));
    }
}
