package kr.kisgateway.gateway.report;

import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.operations.DayReport;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.market.TradingCalendar;

/** {@code GET /v1/ops/report}. */
public final class ReportRoutes {
    private static final String LANGUAGE = "language";
    private static final List<String> LANGUAGES = List.of("en", "ko");

    private final DailyReports reports;
    private final List<String> accounts;
    private final InstantSource clock;

    /** @param accounts aliases */
    public ReportRoutes(DailyReports reports, List<String> accounts, InstantSource clock) {
        this.reports = reports;
        this.accounts = List.copyOf(accounts);
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/ops/report", List.of(LANGUAGE), this::report);
    }

    private void report(Call call) {
        String language = call.query(LANGUAGE).orElse("en");
        if (!LANGUAGES.contains(language)) {
            throw RequestBody.notOneOf(LANGUAGE, language, LANGUAGES);
        }
        var caller = call.caller();
        if (caller.symbols().isPresent() || caller.strategy().isPresent() || caller.ownOrdersOnly()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN, "The report is about whole accounts; your key is for a part of them."));
        }
        var written = language.equals("ko") ? Language.KO : Language.EN;
        // Reads the fills from the beginning of the journal.
        call.answerPage(() -> new DayReport(
                clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate(),
                accounts.stream()
                        .filter(caller::mayUseAccount)
                        .map(account -> new DayReport.Account(account, reports.today(account, written)))
                        .toList()));
    }
}
