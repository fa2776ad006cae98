package kr.kisgateway.gateway.notification;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.AlertReceiver;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.notification.AlertRules.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread of notifications, wherever they are stored, where something in it has a defect. */
abstract class NotificationDeskContract {
    @TempDir
    Path folder;

    abstract StoreDatabase database();

    @Test
    void a_channel_whose_message_meets_a_defect_is_reported_and_the_others_go_on() throws Exception {
        var clock = InstantSource.system();
        var alerts = new AlertLog();
        try (var receiver = new AlertReceiver();
                var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            // The reader of the file refuses such a port: no client can make a request of it.
            var broken = new Channel.Webhook(Secret.of("http://127.0.0.1:99999/desk"), Secret.of("shared"));
            var team = new Channel.Slack(Secret.of(receiver.base() + "/slack"));
            var rules = new AlertRules(
                    Language.EN,
                    Map.of("desk", broken, "team", team),
                    List.of(new Route(Set.of("P1", "P2"), Set.of(), List.of("desk", "team"))),
                    Optional.empty(),
                    Duration.ZERO,
                    AlertPolicy.standard(),
                    AlertRules.Messages.none());
            try (var _ = NotificationDesk.start(database(), rules, "test", true, alerts, clock, workers)) {
                alerts.raise(Alert.of(clock.instant(), "P1", AlertEvent.FEED_DOWN, "K1", "text"));
                Await.until(
                        "the channel is reported by the other one",
                        () -> receiver.of("/slack").stream()
                                .anyMatch(
                                        it -> it.body()
                                                .path("text")
                                                .asString("")
                                                .contains(
                                                        "The alert channel desk does not deliver: the message could not be sent")));
            }
        }
    }
}
