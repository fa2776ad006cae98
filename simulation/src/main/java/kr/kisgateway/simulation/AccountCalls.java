package kr.kisgateway.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.rest.CatalogCalls;
import kr.kisgateway.client.rest.RestCalls;
import kr.kisgateway.client.rest.RestRequest;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.wire.Catalog;

/** The requests of the accounts that one app key may use: they share its token and its call budget. */
final class AccountCalls {
    private static final Map<String, AccountNumber> NUMBERS =
            Map.of("A1", new AccountNumber("50000001", "01"), "A2", new AccountNumber("50000002", "01"));

    private final Map<String, RestCalls> calls = new LinkedHashMap<>();
    private final Map<String, CatalogCalls> catalogCalls = new LinkedHashMap<>();

    AccountCalls(String appKey, Catalog catalog) {
        new TreeMap<>(NUMBERS).forEach((alias, number) -> {
            calls.put(
                    alias,
                    new RestCalls(
                            Environment.LIVE_FACE,
                            new Credentials(Secret.of(appKey), Secret.of("s".repeat(180)), number, Optional.empty())));
            catalogCalls.put(alias, new CatalogCalls(catalog, Environment.LIVE_FACE, number, false));
        });
    }

    /** The app key of each account. */
    Map<String, String> appKeys() {
        var keys = new LinkedHashMap<String, String>();
        calls.keySet().forEach(alias -> keys.put(alias, "K1"));
        return keys;
    }

    /** The requests of the first account, and those that concern none. */
    RestCalls first() {
        return of("A1");
    }

    RestCalls of(String alias) {
        return Optional.ofNullable(calls.get(alias)).orElseThrow();
    }

    /** The account with these ten digits. */
    static String alias(String digits) {
        return NUMBERS.entrySet().stream()
                .filter(entry -> digits.startsWith(entry.getValue().cano()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no account has the number of a notice"));
    }

    /** A call of the catalog, complete. */
    CatalogCalls.Prepared.Ready prepared(String alias, String trId, boolean order, Map<String, String> parameters) {
        CatalogCalls.Prepared prepared =
                Optional.ofNullable(catalogCalls.get(alias)).orElseThrow().prepare(trId, order, parameters);
        if (prepared instanceof CatalogCalls.Prepared.Ready ready) {
            return ready;
        }
        throw new IllegalStateException("a call of the day is refused: " + prepared);
    }

    /** An order, a new price or a cancel that the catalog has. */
    RestRequest order(String alias, TokenCore.Token token, String trId, Map<String, String> body) {
        CatalogCalls.Prepared.Ready ready = prepared(alias, trId, true, body);
        return of(alias).order(token, ready.query(), ready.parameters());
    }
}
