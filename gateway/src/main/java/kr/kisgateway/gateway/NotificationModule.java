package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertRoutes;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.notification.AlertRules;
import kr.kisgateway.gateway.notification.AlertRulesFile;
import kr.kisgateway.gateway.notification.NotificationDesk;
import kr.kisgateway.gateway.notification.NotificationException;
import kr.kisgateway.gateway.notification.NotificationRoutes;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.secret.StoredSecret;

/**
 * Alerts that are sent to people, by the rules of {@code alerts.yaml}, which is read again when it changes.
 *
 * @param rules the present ones
 * @param ruleListeners receive rules that replace them
 */
record NotificationModule(
        NotificationDesk desk, AtomicReference<AlertRules> rules, List<Consumer<AlertRules>> ruleListeners) {
    /** File name of what is not sent yet, in the data folder. */
    static final String FILE = "notifications.db";

    /** Passes the present rules to {@code listener}, and those that replace them; called by one thread at a time. */
    void follow(Consumer<AlertRules> listener) {
        listener.accept(rules.get());
        ruleListeners.add(listener);
    }

    /** Alerts that are raised from now on are sent. Mistakes in the file stop the start. */
    static NotificationModule start(Platform platform) {
        var settings = platform.settings();
        Path folder = Optional.ofNullable(settings.dataDir().toAbsolutePath().getParent())
                .orElseThrow(() -> new StartException("The data folder cannot be the root of a disk."));
        var file = new AlertRulesFile(
                settings.alerts().file(), folder.resolve(SecretFile.NAME), name -> secret(platform, folder, name));
        AlertRules rules = switch (file.read()) {
            case AlertRulesFile.Reading.Read(AlertRules read) -> read;
            case AlertRulesFile.Reading.Refused(String problems) -> throw new StartException(problems);
            case AlertRulesFile.Reading.Unchanged() -> AlertRules.none();
        };
        platform.alerts().use(rules.policy());
        try {
            var desk = platform.parts()
                    .add(NotificationDesk.start(
                            platform.ownership()
                                    .map(Ownership::stores)
                                    .orElseGet(() ->
                                            StoreDatabase.file(platform.data().file(FILE))),
                            rules,
                            "kis-gateway/" + settings.environment().wireName(),
                            settings.alerts().allowsInner(),
                            platform.alerts(),
                            platform.clock(),
                            platform.workers()));
            desk.bindTo(platform.meters());
            new AlertRoutes(platform.alerts(), desk, platform.clock()).register(platform.routes());
            new NotificationRoutes(desk, platform.clock()).register(platform.routes());
            var module = new NotificationModule(desk, new AtomicReference<>(rules), new CopyOnWriteArrayList<>());
            var refused = platform.alertSource(AlertEvent.ALERT_RULES_REFUSED);
            platform.parts()
                    .add(platform.tasks()
                            .every(
                                    "alert-rules",
                                    Platform.WATCH_INTERVAL,
                                    () -> module.reload(file, platform.alerts(), refused)));
            return module;
        } catch (NotificationException e) {
            throw StartException.of(e);
        }
    }

    private void reload(AlertRulesFile file, AlertLog alerts, AlertSource refused) {
        switch (file.read()) {
            case AlertRulesFile.Reading.Read(AlertRules read) -> {
                alerts.use(read.policy());
                desk.use(read);
                rules.set(read);
                ruleListeners.forEach(listener -> listener.accept(read));
                refused.settle("alerts.yaml");
            }
            case AlertRulesFile.Reading.Refused(String problems) ->
                refused.raise("alerts.yaml", problems + " The rules before it stay.");
            case AlertRulesFile.Reading.Unchanged() -> {
                // Most of the time.
            }
        }
    }

    private static Optional<Secret> secret(Platform platform, Path folder, String name) {
        try {
            return Optional.ofNullable(
                            SecretFile.read(folder, platform.master()).all().get(name))
                    .map(StoredSecret::value);
        } catch (SecretException _) {
            return Optional.empty(); // reported as a secret that is not stored; the start reports the file itself
        }
    }
}
