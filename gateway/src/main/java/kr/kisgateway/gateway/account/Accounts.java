package kr.kisgateway.gateway.account;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The registry of accounts: the broker's account behind each alias. Capabilities know aliases only.
 *
 * @param <N> the broker's name of an account
 */
public final class Accounts<N> {
    /** Alias of the account of {@code KIS_ACCOUNT_NO}, and of the simulator's. */
    public static final String FIRST_ALIAS = "A1";

    private final LinkedHashMap<String, N> accounts;

    private Accounts(LinkedHashMap<String, N> accounts) {
        this.accounts = accounts;
    }

    /** A registry of one account. */
    public static <N> Accounts<N> of(N account) {
        return of(Map.of(FIRST_ALIAS, account));
    }

    /** @throws IllegalArgumentException without an account */
    public static <N> Accounts<N> of(Map<String, N> accounts) {
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("there is no account");
        }
        return new Accounts<>(new LinkedHashMap<>(accounts));
    }

    /** In the order of the settings. */
    public Set<String> aliases() {
        return Collections.unmodifiableSet(accounts.keySet());
    }

    /** What {@code value} gives of each account, by alias. */
    public <V> Map<String, V> toMap(Function<N, V> value) {
        var values = new LinkedHashMap<String, V>();
        accounts.forEach((alias, account) -> values.put(alias, value.apply(account)));
        return Collections.unmodifiableMap(values);
    }

    /** The alias of the account that {@code isSought}. */
    public Optional<String> aliasOf(Predicate<N> isSought) {
        return accounts.entrySet().stream()
                .filter(entry -> isSought.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The broker's account behind {@code alias}. */
    public Optional<N> find(String alias) {
        return Optional.ofNullable(accounts.get(alias));
    }
}
