package kr.kisgateway.gateway.face;

import java.util.List;
import java.util.Set;
import kr.kisgateway.gateway.http.Caller;

/**
 * The account behind the virtual account number of a key: a program that speaks KIS's protocol has one account, so it is the first
 * that the key may use.
 *
 * @param aliases of the accounts, in the order of the settings
 */
record FaceAccounts(List<String> aliases) {
    /** The alias of the key's account; of a key without one, an account that it may not use. */
    String of(Caller caller) {
        return aliases.stream().filter(caller::mayUseAccount).findFirst().orElseGet(aliases::getFirst);
    }

    /** The same key for that account alone. */
    Caller narrow(Caller caller) {
        String account = of(caller);
        return caller.mayUseAccount(account) ? caller.withAccounts(Set.of(account)) : caller;
    }
}
