package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.egress.EgressWatch;
import kr.kisgateway.gateway.egress.OwnAddress;
import kr.kisgateway.gateway.settings.KisEnvironment;

/** The address from which KIS sees the gateway, where allowed ones are set. */
final class EgressModule {
    private EgressModule() {}

    /** Starts watching; what blocks live orders because of it. */
    static Supplier<List<String>> start(Platform platform) {
        var settings = platform.settings();
        return settings.egress()
                .map(egress -> {
                    var watch = new EgressWatch(
                            egress.allowed().stream()
                                    .flatMap(text -> Network.parse(text).stream())
                                    .toList(),
                            egress.service(),
                            OwnAddress::request,
                            platform.urgentAlertSource(AlertEvent.EGRESS_ADDRESS_DIFFERS));
                    platform.parts()
                            .add(platform.tasks().repeat("egress-watch", Duration.ZERO, watch::check, () -> {}));
                    return settings.environment() == KisEnvironment.LIVE
                            ? (Supplier<List<String>>) watch::blockers
                            : none();
                })
                .orElseGet(EgressModule::none);
    }

    private static Supplier<List<String>> none() {
        return List::of;
    }
}
