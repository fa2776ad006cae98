package kr.kisgateway.gateway.aegis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.RepeatedAlert;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.meter.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs each order that an answer calls failed ({@code rsp_cd} 2 or 901), and raises one alert for the API key until an order of it is
 * accepted, or none has failed for {@link #QUIET}.
 */
final class FailedOrders {
    static final Duration QUIET = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.aegis");

    private final RepeatedAlert alert;
    private final LongAdder failed = new LongAdder();

    FailedOrders(AlertSource source, InstantSource clock) {
        this.alert = new RepeatedAlert(source, clock);
    }

    /** A call that places orders was refused. */
    void refused(AegisVersion version, Call call, Refusal refusal) {
        var code = version.code(refusal, true);
        if (code != AegisCode.ORDER_FAILED && code != AegisCode.BATCH_FAILED) {
            return;
        }
        failed.increment();
        String by = call.caller().name();
        LOG.warn(
                "order_failed version={} rsp_cd={} code={} by={} trace_id={}",
                version.entry().name(),
                code.text(),
                refusal.code(),
                by,
                call.traceId());
        alert.observe(
                by,
                "An order of " + by + " by /api/" + version.entry().name() + " failed (rsp_cd " + code.text() + ", "
                        + refusal.code() + "): " + refusal.message()
                        + " Further failures are in the log until one is accepted.");
    }

    /** Orders of the caller were accepted. */
    void accepted(Caller caller) {
        alert.settle(caller.name());
    }

    /** Settles the alerts of keys without a failure for a while. */
    void check() {
        alert.settleQuiet(QUIET);
    }

    void bindTo(Meters meters) {
        meters.counter(
                "aegis.orders.failed",
                "orders",
                "Calls of /api/v3.x that place orders and were answered with rsp_cd 2 or 901",
                failed::sum);
    }
}
