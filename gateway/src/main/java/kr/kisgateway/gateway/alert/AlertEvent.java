package kr.kisgateway.gateway.alert;

import java.util.Locale;

/**
 * Every kind of alert: what it reports and when it settles. {@code docs/ALERTS.md} has the same rows, a test compares the two.
 */
public enum AlertEvent {
    REQUEST_IN_DOUBT(
            SettlesWhen.ORDER_CERTAIN,
            "an order or a change was sent and its result is unknown",
            "nothing of the order is in doubt, or it has ended"),
    ORDER_UNRESOLVED(
            SettlesWhen.ORDER_CERTAIN,
            "the broker's list does not settle an order in doubt",
            "nothing of the order is in doubt, or it has ended"),
    CANCEL_FAILED(SettlesWhen.ORDER_ENDED, "a cancel had no effect and is not retried", "the order has ended"),
    CANCEL_WITHOUT_EFFECT(
            SettlesWhen.ORDER_ENDED,
            "KIS accepted a cancel and the order still rests a minute later",
            "the order has ended"),
    ENDED_TOO_EARLY(SettlesWhen.ORDER_ENDED, "an order recorded as ended is open again", "the order has ended"),
    LATE_ACCEPTANCE(
            SettlesWhen.ORDER_ENDED, "an order that was closed as not found is at the broker", "the order has ended"),
    MODIFIED_OUTSIDE(SettlesWhen.ORDER_ENDED, "an order was modified by another program", "the order has ended"),
    MODIFICATION_NOT_FOUND(SettlesWhen.IMMEDIATELY, "a modification never reached KIS; the old terms apply", "at once"),
    REPLACEMENT_NOT_PLACED(
            SettlesWhen.IMMEDIATELY,
            "an order was cancelled to be replaced, and the other order was not placed",
            "at once"),
    ORDER_NOT_REPRICED(
            SettlesWhen.IMMEDIATELY, "an order that rests was to get another price, and that was refused", "at once"),
    MARKET_ORDER_RESTS(SettlesWhen.IMMEDIATELY, "a market order rests in continuous trading and is not filled", "2 s"),
    PARENT_ORDER_NOT_PLACED(
            SettlesWhen.IMMEDIATELY,
            "the order of a parent order was refused or rejected, could not be placed in its time, or its API key ended",
            "at once"),
    PARENT_ORDER_HELD(
            SettlesWhen.REPORTED,
            "the price for an order of a parent order was reached while the gateway was away; an operator has to decide",
            "it was released or cancelled, or has ended"),
    PARENT_EXIT_WAITS(
            SettlesWhen.REPORTED,
            "a stop is due for 5 s and cannot be placed before another order of its parent order has ended",
            "the stop is placed, or the parent order has ended"),
    PARENT_ORDER_NOT_CHANGED(
            SettlesWhen.IMMEDIATELY,
            "an order of a parent order was to be made smaller with it, and KIS or a check refused that",
            "at once"),
    ORDER_NOT_FOUND(
            SettlesWhen.IMMEDIATELY,
            "an order in doubt was closed: the complete list of its day does not contain it",
            "at once"),
    PARTLY_MODIFIED_OUTSIDE(
            SettlesWhen.BY_OPERATOR, "a part of an order was modified by another program and is not followed", ""),
    LIST_CONTRADICTS(SettlesWhen.BY_OPERATOR, "the broker's list contradicts the recorded fills", ""),
    NUMBER_OF_ANOTHER(SettlesWhen.BY_OPERATOR, "KIS reports another stock or side under the number of an order", ""),
    ORDER_NOT_LISTED(SettlesWhen.BY_OPERATOR, "KIS accepted an order and its list of the day does not contain it", ""),
    UNSENT_ORDER_LISTED(
            SettlesWhen.BY_OPERATOR,
            "the broker lists an order like one that was never sent according to the journal, which may have lost records",
            ""),
    ORDER_NUMBER_CONFLICT(SettlesWhen.BY_OPERATOR, "an order was matched with one number and KIS reports another", ""),
    OVERFILL(SettlesWhen.BY_OPERATOR, "execution notices add up to more shares than the order has", ""),
    ORDER_NOT_IN_MEMORY(SettlesWhen.BY_OPERATOR, "an answer arrived for an order that is not in memory", ""),
    ORDERS_SUSPENDED(
            SettlesWhen.REPORTED, "the circuit breaker of orders is open, orders wait", "KIS accepts orders again"),
    LIST_FAILED(SettlesWhen.REPORTED, "the broker's list of a day could not be read", "the list of that day was read"),
    KILL_SWITCH_ON(SettlesWhen.REPORTED, "the kill switch was set", "it was lifted"),
    KILL_SWITCH_OFF(SettlesWhen.IMMEDIATELY, "the kill switch was lifted", "at once"),
    LIMITS_CHANGED(SettlesWhen.IMMEDIATELY, "a call set the risk limits", "at once"),
    JOURNAL_UNAVAILABLE(
            SettlesWhen.REPORTED,
            "the journal cannot be written, no order is accepted",
            "orders are accepted again for ten seconds"),
    ORDER_DESK_FAILED(
            SettlesWhen.REPORTED,
            "the order desk had a defect and restarts",
            "orders are accepted again for ten seconds"),
    ORDER_DESK_WORKS_AGAIN(SettlesWhen.IMMEDIATELY, "orders are accepted again after an outage", "at once"),
    WS_RECONNECT_EXHAUSTED(
            SettlesWhen.REPORTED, "ten attempts to open the WebSocket of an app key failed", "it is connected"),
    SESSION_TAKEN_OVER(
            SettlesWhen.REPORTED, "another program uses the KIS session of an app key", "KIS confirms a registration"),
    FEED_DOWN(
            SettlesWhen.REPORTED,
            "a WebSocket is disconnected for 30 s while a market is in session",
            "it is connected"),
    TOKEN_FAILED(SettlesWhen.REPORTED, "KIS issued no access token", "a token was issued"),
    REGISTRATION_REFUSED(SettlesWhen.REPORTED, "KIS refused to push a symbol", "KIS confirms it"),
    GAP_NOT_REPAIRED(
            SettlesWhen.REPORTED,
            "missed ticks or minutes were not repaired",
            "KIS pushes or answers the symbol again"),
    BREAKER_OPEN(SettlesWhen.REPORTED, "calls to KIS pause because they failed", "the breaker is closed"),
    LISTENER_RESET(SettlesWhen.IMMEDIATELY, "a listener had stopped and was restarted", "at once"),
    QUOTE_FALLBACK(
            SettlesWhen.REPORTED,
            "no source has a price of a symbol, the safe value is answered",
            "a source has its price again"),
    CIRCUIT_BREAKER(
            SettlesWhen.REPORTED,
            "the circuit breaker of a market is on",
            "KIS reports it off, or no stock reports it any more"),
    CIRCUIT_BREAKER_OFF(SettlesWhen.IMMEDIATELY, "the circuit breaker of a market is off", "at once"),
    CIRCUIT_BREAKER_UNKNOWN(
            SettlesWhen.REPORTED,
            "a circuit breaker was on and no stock reports it any more",
            "KIS reports it on or off"),
    WEBHOOK_UNKNOWN(
            SettlesWhen.REPORTED,
            "alerts came to a webhook that does not exist, with a wrong secret, or from an address that is not allowed",
            "a quarter of an hour passed without another"),
    WEBHOOK_FLOOD(
            SettlesWhen.REPORTED,
            "a webhook receives more alerts than it accepts, and refuses them",
            "a minute passed without another"),
    WEBHOOK_ALERT_REFUSED(
            SettlesWhen.REPORTED,
            "an alert with the right secret was refused: nothing was ordered for it",
            "the webhook takes an alert, or is deleted"),
    SECRET_EXPIRES(
            SettlesWhen.REPORTED,
            "a stored secret expires within 30 days, or has expired",
            "the gateway was restarted with another one"),
    SECRET_OLD(
            SettlesWhen.REPORTED,
            "a stored secret is older than SECRETS_REMIND_AFTER",
            "the gateway was restarted with another one"),
    CLOCK_STEPPED(
            SettlesWhen.REPORTED, "the machine's clock was set", "the machine's clock and the gateway's agree again"),
    DISK_LOW(
            SettlesWhen.REPORTED,
            "the disk has less free space than `JOURNAL_DISK_LOW`, no order is accepted",
            "there is an eighth more space than that"),
    SIMULATOR_BEGAN_EMPTY(
            SettlesWhen.BY_OPERATOR,
            "the simulator's file was empty or missing beside a journal: its account starts as on the first day",
            ""),
    LISTING_REFUSED(
            SettlesWhen.REPORTED,
            "the master file of a market hardly names its present instruments, the present list stays",
            "a plausible file replaces the list"),
    JOBS_SET_ASIDE(SettlesWhen.BY_OPERATOR, "the file of background jobs was damaged and set aside", ""),
    JOB_WAITS_FOR_ROOM(SettlesWhen.REPORTED, "a job waits for disk space", "it continues or ended"),
    RECORDINGS_UNREADABLE(
            SettlesWhen.REPORTED, "recordings from before the start could not be read", "a recording was started"),
    RECORDING_STOPPED(SettlesWhen.REPORTED, "ticks are no longer recorded", "a recording was started");

    /** What settles an alert. */
    public enum SettlesWhen {
        /** The component that raised it reports that it is over. */
        REPORTED,
        /** The order has nothing in doubt, or has ended. */
        ORDER_CERTAIN,
        /** The order has ended. */
        ORDER_ENDED,
        /** It reports something that is complete. */
        IMMEDIATELY,
        /** No program can detect that it is over: an operator has to check. */
        BY_OPERATOR
    }

    private final SettlesWhen settlesWhen;
    private final String meaning;
    private final String settles;

    AlertEvent(SettlesWhen settlesWhen, String meaning, String settles) {
        this.settlesWhen = settlesWhen;
        this.meaning = meaning;
        this.settles = settles;
    }

    /** The word used in API, stream and log. */
    public String publicName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public SettlesWhen settlesWhen() {
        return settlesWhen;
    }

    /** Its row in the document: the word, what it reports, when it settles. */
    String row() {
        return "| `" + publicName() + "` | " + meaning + " | "
                + (settlesWhen == SettlesWhen.BY_OPERATOR ? "never by itself: an operator has to check" : settles)
                + " |";
    }
}
