package kr.kisgateway.gateway.http;

import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;

/**
 * Who calls, as far as it matters to what is answered. Made by the {@link Gatekeeper} once a request.
 *
 * @param name the principal: the key's name, or {@code local} where no key is needed. Keys of idempotency and shares of
 *     the call budget are its own
 * @param role what it may do
 * @param accounts aliases of the accounts it may use; empty, all
 * @param symbols codes of the symbols it may see and order; empty, all
 * @param secretMark tells the secret that it came with from another of the same key; empty without a key
 */
public record Caller(
        String name, Role role, Optional<Set<String>> accounts, Optional<Set<String>> symbols, String secretMark) {
    /** The name of whoever calls without a key. */
    public static final String LOCAL_NAME = "local";

    public Caller {
        accounts = accounts.map(Set::copyOf);
        symbols = symbols.map(Set::copyOf);
    }

    /** A caller with every account and symbol but those that are named, without a secret. */
    public Caller(String name, Role role, Optional<Set<String>> accounts, Optional<Set<String>> symbols) {
        this(name, role, accounts, symbols, "");
    }

    /** The same caller with another role. */
    public Caller as(Role other) {
        return new Caller(name, other, accounts, symbols, secretMark);
    }

    /** Somebody on this machine who may do what {@code role} may, with every account and symbol. */
    public static Caller local(Role role) {
        return new Caller(LOCAL_NAME, role, Optional.empty(), Optional.empty());
    }

    /** Whether it came without a key. */
    public boolean isLocal() {
        return name.equals(LOCAL_NAME);
    }

    public boolean mayUse(String account) {
        return accounts.isEmpty() || accounts.get().contains(account);
    }

    public boolean maySee(String symbol) {
        return symbols.isEmpty() || symbols.get().contains(symbol);
    }

    /** Refuses an account that is not this caller's, before anything is said about it. */
    public void requireAccount(String account) {
        if (!mayUse(account)) {
            throw forbidden("Your key is not for this account.", "account_id", account);
        }
    }

    /** Refuses a symbol that is not this caller's. */
    public void requireSymbol(String symbol) {
        if (!maySee(symbol)) {
            throw forbidden("Your key is not for this symbol.", "symbol", symbol);
        }
    }

    /**
     * Refuses who is limited to some accounts or symbols.
     *
     * @param what a call that tells of all of them, as the beginning of a sentence
     */
    public void requireEverything(String what) {
        if (accounts.isPresent() || symbols.isPresent()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN, what + " of every account and symbol; your key is for some of them."));
        }
    }

    private static RefusedException forbidden(String message, String field, String value) {
        return new RefusedException(Refusal.of(ErrorCode.FORBIDDEN, message)
                .with(field, value.length() > 40 ? value.substring(0, 40) : value));
    }
}
