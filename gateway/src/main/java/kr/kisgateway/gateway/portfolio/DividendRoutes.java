package kr.kisgateway.gateway.portfolio;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.portfolio.Dividend;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.TradingCalendar;

/** {@code /v1/dividends}: what KIS has paid, or will pay, for the shares of an account; requested for each call. */
public final class DividendRoutes {
    private static final int DAYS_MAX = 366;

    private final Portfolio portfolio;
    private final InstantSource clock;

    /** @param portfolio of the Korean market */
    public DividendRoutes(Portfolio portfolio, InstantSource clock) {
        this.portfolio = portfolio;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/dividends", List.of("account_id", "from", "to"), this::dividends);
    }

    private void dividends(Call call) {
        String account = call.requiredQuery("account_id");
        call.caller().requireAccount(account);
        LocalDate to = day(call, "to", LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL));
        LocalDate from = day(call, "from", to.minusDays(DAYS_MAX - 1));
        if (from.isAfter(to)) {
            throw Call.invalid("from", "must not be after to");
        }
        if (from.plusDays(DAYS_MAX).isBefore(to.plusDays(1))) {
            throw Call.invalid("from", "must be within " + DAYS_MAX + " days of to");
        }
        switch (portfolio.paidRights(account, from, to, call.caller().name())) {
            case Result.Refused<List<PaidRight>>(var refusal) -> throw new RefusedException(refusal);
            case Result.Success<List<PaidRight>>(List<PaidRight> rights) ->
                call.answer(rights.stream()
                        .filter(right -> call.caller().mayReadSymbol(right.symbol()))
                        .map(right -> answer(account, right))
                        .toList());
        }
    }

    private static LocalDate day(Call call, String name, LocalDate absent) {
        return call.query(name)
                .map(text -> {
                    try {
                        return LocalDate.parse(text);
                    } catch (DateTimeParseException _) {
                        throw Call.invalid(name, "must be a day as 2026-11-20");
                    }
                })
                .orElse(absent);
    }

    private static Dividend answer(String account, PaidRight right) {
        return new Dividend(
                account,
                right.symbol(),
                right.name(),
                right.recordDate(),
                right.qty(),
                ApiValues.amount(Currency.KRW, right.amount()),
                ApiValues.amount(Currency.KRW, right.tax()),
                Currency.KRW.name(),
                right.payDay(),
                right.type());
    }
}
