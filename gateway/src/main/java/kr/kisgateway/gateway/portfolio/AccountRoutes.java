package kr.kisgateway.gateway.portfolio;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.portfolio.Account;
import kr.kisgateway.gateway.account.AccountProduct;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code /v1/accounts}: the configured accounts that the caller may use, without a call to KIS. */
public final class AccountRoutes {
    private final Map<String, String> products;
    private final String environment;
    private final Function<String, List<String>> blockers;

    /**
     * @param products the product code of each account, by alias
     * @param environment its name in the API
     * @param blockers what keeps an account from trading, by alias
     */
    public AccountRoutes(Map<String, String> products, String environment, Function<String, List<String>> blockers) {
        this.products = new TreeMap<>(products);
        this.environment = environment;
        this.blockers = blockers;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/accounts", List.of(), this::accounts);
    }

    private void accounts(Call call) {
        call.answer(products.entrySet().stream()
                .filter(account -> call.caller().mayUseAccount(account.getKey()))
                .map(account -> answer(account.getKey(), account.getValue()))
                .toList());
    }

    private Account answer(String alias, String product) {
        var blocking = blockers.apply(alias);
        return new Account(
                alias,
                product,
                AccountProduct.of(product).map(AccountProduct::koreanName),
                environment,
                "KRW",
                new Account.AccountTrading(blocking.isEmpty(), blocking));
    }
}
