package kr.kisgateway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertMarks;
import kr.kisgateway.gateway.chat.BotCommands;
import kr.kisgateway.gateway.chat.CommandActions;
import kr.kisgateway.gateway.chat.RefusedSenders;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.PerMarket;

/** Commands that people send by a messenger. */
final class ChatModule {
    private ChatModule() {}

    /** @param blockers what keeps the gateway from trading */
    static void start(
            Platform platform,
            NotificationModule notifications,
            OrderModule orders,
            PerMarket<Portfolio> portfolios,
            Supplier<List<String>> blockers) {
        var settings = platform.settings();
        var refused = new RefusedSenders(platform.alertSource(AlertEvent.CHAT_SENDER_REFUSED));
        platform.evaluator().add(refused);
        var commands = platform.parts()
                .add(new BotCommands(
                        settings.alerts().allowsInner(),
                        new Actions(
                                settings.environment().wireName(),
                                orders.desk(),
                                portfolios,
                                List.copyOf(settings.accounts()),
                                blockers,
                                platform.alerts(),
                                notifications.desk()),
                        notifications.desk(),
                        platform.audit(),
                        platform.alertSource(AlertEvent.CHAT_COMMANDS_FAILED),
                        refused,
                        platform.random(),
                        platform.clock(),
                        platform.workers(),
                        platform.tasks()));
        commands.bindTo(platform.meters());
        notifications.follow(commands::use);
    }

    private record Actions(
            String environment,
            OrderDesk desk,
            PerMarket<Portfolio> portfolios,
            List<String> accounts,
            Supplier<List<String>> blockers,
            AlertLog alerts,
            AlertMarks marks)
            implements CommandActions {
        @Override
        public Status status() {
            List<Order> open = desk.open();
            return new Status(
                    environment,
                    blockers.get(),
                    desk.killReason(),
                    open.size(),
                    (int) open.stream()
                            .filter(order -> order.status() == OrderStatus.UNKNOWN)
                            .count(),
                    alerts.newest(AlertLog.CAPACITY).stream()
                            .filter(alert -> alert.settledAt().isEmpty())
                            .map(alert -> new OpenAlert(
                                    alert.level(),
                                    alert.event(),
                                    alert.subject(),
                                    marks.acknowledgement(alert.kind(), alert.subject())
                                            .map(Acknowledgement::by)))
                            .distinct()
                            .toList());
        }

        @Override
        public Positions positions() {
            var positions = new ArrayList<Position>();
            var unknown = new ArrayList<String>();
            for (String account : accounts) {
                switch (portfolios.of(Market.KOREA).currentHoldings(account).holdings()) {
                    case Observation.Current<Holdings>(Holdings holdings, var _) -> add(positions, account, holdings);
                    case Observation.Stale<Holdings>(Holdings holdings, var _, String _) ->
                        add(positions, account, holdings);
                    case Observation.Unknown<Holdings> _ -> unknown.add(account);
                }
            }
            return new Positions(positions, unknown);
        }

        private static void add(List<Position> positions, String account, Holdings holdings) {
            Currency currency = holdings.market().currency();
            holdings.positions()
                    .forEach(it -> positions.add(new Position(
                            account,
                            it.symbol().code(),
                            it.name(),
                            it.qty(),
                            ApiValues.amount(currency, it.price()),
                            ApiValues.amount(currency, it.pnl()),
                            currency.name())));
        }

        @Override
        public List<OpenOrder> orders() {
            return desk.open().stream()
                    .map(order -> new OpenOrder(
                            order.id().text(),
                            order.terms().accountId(),
                            order.terms().symbol().code(),
                            order.terms().side().name(),
                            order.terms().qty(),
                            order.filled(),
                            price(order),
                            order.status().publicName()))
                    .toList();
        }

        private static Optional<java.math.BigDecimal> price(Order order) {
            OptionalLong price = order.terms().price();
            return price.isPresent()
                    ? Optional.of(
                            ApiValues.amount(order.terms().symbol().market().currency(), price.getAsLong()))
                    : Optional.empty();
        }

        @Override
        public KillResult kill(String reason, String by) {
            return desk.killSwitch(true, Optional.of(reason), false, by) instanceof Answer.KillSwitchStatus
                            && desk.isKillRecorded()
                    ? KillResult.ON
                    : KillResult.ON_NOT_RECORDED;
        }
    }
}
