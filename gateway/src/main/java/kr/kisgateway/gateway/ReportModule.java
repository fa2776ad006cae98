package kr.kisgateway.gateway;

import java.util.List;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.report.DailyReports;
import kr.kisgateway.gateway.report.FillReports;
import kr.kisgateway.gateway.report.ReportRoutes;

/** Messages to people that are no alerts: fills, and a summary of each day. */
final class ReportModule {
    private final FillReports fills;
    private final DailyReports days;

    private ReportModule(FillReports fills, DailyReports days) {
        this.fills = fills;
        this.days = days;
    }

    /** Attaches to the orders before they start. */
    static ReportModule create(
            Platform platform, NotificationModule notifications, OrderModule orders, InstrumentModule instruments) {
        var accounts = List.copyOf(platform.settings().accounts());
        var fills = new FillReports(
                orders.desk(),
                notifications.desk(),
                accounts,
                symbol -> instruments
                        .listing()
                        .current()
                        .find(symbol.code())
                        .map(Listed::name)
                        .orElse(""),
                platform.clock());
        orders.publisher().attach(_ -> fills.orderChanged());
        return new ReportModule(
                fills,
                new DailyReports(
                        orders.desk(),
                        orders.realisedProfit(
                                instruments, platform.settings().orders().commissions()),
                        notifications.desk(),
                        accounts,
                        platform.calendar(),
                        platform.clock()));
    }

    /** Registers the routes. */
    void register(Platform platform) {
        new ReportRoutes(days, List.copyOf(platform.settings().accounts()), platform.clock())
                .register(platform.routes());
    }

    /** Starts, after the order desk has read its journal. */
    void start(Platform platform, NotificationModule notifications) {
        platform.parts().add(platform.tasks().every("reports", Platform.WATCH_INTERVAL, () -> {
            var rules = notifications.rules().get();
            fills.check(rules);
            days.check(rules);
        }));
    }
}
