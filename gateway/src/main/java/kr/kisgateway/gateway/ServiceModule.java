package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kr.kisgateway.gateway.http.HealthProbe;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.parent.ParentDesk;
import kr.kisgateway.gateway.service.Essential;
import kr.kisgateway.gateway.service.SystemdService;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.task.TaskRunner;

/** What a watchdog watches: the threads that trade, the periodic tasks, and whether the port answers. */
final class ServiceModule {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private ServiceModule() {}

    /**
     * A running gateway, as far as a watchdog is concerned.
     *
     * @param status a short sentence about it
     * @param nanos a clock that never goes back
     */
    record Watched(List<Essential> essentials, Supplier<String> status, TaskRunner tasks, LongSupplier nanos) {
        /** Reports to {@code service} from now on. */
        void begin(SystemdService service) {
            service.ready(essentials, status, tasks, nanos);
        }
    }

    static Watched watched(Platform platform, OrderDesk orders, ParentDesk parents, HttpEdge edge) {
        var http = platform.settings().http();
        var place = http.localAddress(edge.port());
        return new Watched(
                List.of(
                        new Essential.Loop("order desk", orders.heartbeat()),
                        new Essential.Loop("desk of parent orders", parents.heartbeat()),
                        // Each task has a thread of its own: the alerts stand for all, because they report the others.
                        new Essential.Loop(
                                "alert evaluation", platform.evaluator().heartbeat()),
                        new Essential.Answer("HTTP answer", answers(http, edge.port()))),
                () -> platform.settings().environment().wireName() + " at " + place + ", orders " + orders.state(),
                platform.tasks(),
                platform.clock().nanos());
    }

    private static BooleanSupplier answers(Settings.Http http, int port) {
        String host = Settings.Http.localHost(http.bind());
        return http.tls().isPresent()
                ? () -> HealthProbe.beginsHandshake(host, port, ANSWER_LIMIT)
                : () -> HealthProbe.answers(host, port, ANSWER_LIMIT);
    }
}
