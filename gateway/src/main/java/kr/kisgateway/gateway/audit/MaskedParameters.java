package kr.kisgateway.gateway.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.access.KeyText;
import tools.jackson.databind.JsonNode;

/**
 * The parameters of a call as the audit records them, as {@code account_id=A1 symbol=005930 qty=3}.
 *
 * <p>Recorded are only names that the API has, and of these only values that can be no secret: short words, numbers, times and order
 * ids. Of all others the length is recorded, of an account number its first two digits, and of what the configuration has as a
 * secret nothing, wherever a caller wrote it.
 */
public final class MaskedParameters {
    /** Names with a value from a list, a number, a time or an id. */
    private static final Set<String> NAMES = Set.of(
            "account_id",
            "adjusted",
            "after_fill_of",
            "after_ms",
            "amount",
            "at",
            "bytes_max",
            "calls_per_second",
            "cancel_open",
            "channel",
            "channels",
            "check_cash",
            "code",
            "collar_pct",
            "credit",
            "daily_loss",
            "daily_orders",
            "data_types",
            "date",
            "decision",
            "depth",
            "direction",
            "dispatch_by",
            "drop",
            "dry_run",
            "event",
            "expires",
            "face",
            "from",
            "gateway",
            "grace_sec",
            "group_by",
            "guards",
            "id",
            "key",
            "kind",
            "kis_order_no",
            "layout",
            "level",
            "limit",
            "limit_price",
            "live",
            "live_accounts",
            "live_trading",
            "loan_date",
            "market",
            "max",
            "max_notional",
            "max_notional_usd",
            "max_position",
            "max_position_value",
            "max_position_value_usd",
            "max_qty",
            "method",
            "minutes",
            "name",
            "offset",
            "on",
            "order",
            "order_id",
            "order_type",
            "orders",
            "orders_per_second",
            "own",
            "partial",
            "per_minute",
            "percent",
            "period",
            "price",
            "qty",
            "read_only",
            "records",
            "refuse_managed",
            "refuse_self_cross",
            "refuse_warned",
            "replace",
            "replay_window_sec",
            "reprice",
            "role",
            "sees",
            "sell_max_qty",
            "session",
            "side",
            "slices",
            "source",
            "status",
            "stop",
            "stop_price",
            "strategy_id",
            "strategy",
            "stream",
            "subject",
            "symbol",
            "symbols",
            "take_profit",
            "time",
            "time_in_force",
            "to",
            "top",
            "trail",
            "type",
            "unlisted",
            "until",
            "values",
            "venue",
            "weight",
            "when");

    /** Names of which a longer run of digits is a number of an order or a day. */
    private static final Pattern NUMBERED = Pattern.compile("kis_order_no|.*(?:ODNO|_DT|_DATE|_YMD|DATE_[12])");

    private static final Set<String> ACCOUNT_NUMBERS = Set.of("CANO", "ACNT_NO");
    private static final Pattern HIDDEN_KIS_NAMES =
            Pattern.compile("USER_ID|HTS_ID|.*(?:SECRET|TOKEN|PSWD|CTX_AREA).*");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9가-힣_.,:+^*-]{0,24}");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{0,30}");
    private static final Pattern ORDER_ID = Pattern.compile("[a-z]{0,4}_?[0-9A-HJKMNP-TV-Z]{26}");
    private static final Pattern ACCOUNT_NUMBER = Pattern.compile("[0-9]{8}-?[0-9]{2}");
    private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{8}");
    private static final int DEPTH_MAX = 4;
    private static final int ELEMENTS_MAX = 10;
    private static final int NUMBER_MAX = 24;

    private final List<Secret> secrets;

    /** @param secrets of the configuration: app keys and secrets, account numbers, login ids, the operator token */
    public MaskedParameters(List<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** Those of a call to the API. */
    String ofApi(Map<String, String> path, Map<String, List<String>> query, Optional<JsonNode> body) {
        var text = new Text();
        path.forEach((name, value) -> text.add(name, known(name) ? value(name, value) : "***"));
        int[] others = {0};
        query.forEach((name, values) -> {
            if (known(name) && !values.isEmpty()) {
                text.add(name, value(name, values.getFirst()));
            } else {
                others[0]++;
            }
        });
        body.ifPresent(it -> addMembers(text, "", it, 0));
        if (others[0] > 0) {
            text.add("others", String.valueOf(others[0]));
        }
        return redact(text.toString());
    }

    /** Those of a call at the KIS-compatible port; the names are KIS's own. */
    public String ofKis(Map<String, String> fields) {
        var text = new Text();
        fields.forEach((name, value) -> {
            if (value.isEmpty()) {
                return;
            }
            if (ACCOUNT_NUMBERS.contains(name)) {
                text.add(name, account(value));
            } else {
                text.add(name, HIDDEN_KIS_NAMES.matcher(name).matches() ? "***" : value(name, value));
            }
        });
        return redact(text.toString());
    }

    private void addMembers(Text text, String path, JsonNode object, int depth) {
        int others = 0;
        for (var member : object.properties()) {
            if (known(member.getKey())) {
                addValue(text, path + member.getKey(), member.getKey(), member.getValue(), depth);
            } else {
                others++;
            }
        }
        if (others > 0) {
            text.add(path + "others", String.valueOf(others));
        }
    }

    private void addValue(Text text, String path, String name, JsonNode value, int depth) {
        if (text.isFull() || value.isNull()) {
            return;
        }
        if (value.isObject()) {
            if (depth < DEPTH_MAX) {
                addMembers(text, path + ".", value, depth + 1);
            }
        } else if (value.isArray()) {
            int i = 0;
            for (var element : value) {
                if (i == ELEMENTS_MAX) {
                    text.add(path, value.size() + " in all");
                    return;
                }
                addValue(text, path + "[" + i++ + "]", name, element, depth + 1);
            }
        } else if (value.isNumber()) {
            var number = value.asString();
            text.add(path, number.length() > NUMBER_MAX ? "***" : number);
        } else {
            text.add(path, value(name, value.asString()));
        }
    }

    private static boolean known(String name) {
        return NAMES.contains(name);
    }

    private static String value(String name, String value) {
        if (ORDER_ID.matcher(value).matches() || TIME.matcher(value).matches()) {
            return value;
        }
        if (LONG_NUMBER.matcher(value).find() && !NUMBERED.matcher(name).matches()) {
            return account(value);
        }
        return WORD.matcher(value).matches() ? value : "***(" + value.length() + ")";
    }

    /** The first two digits of what may be an account number. */
    private static String account(String value) {
        return value.length() >= 2 && Character.isDigit(value.charAt(0)) && Character.isDigit(value.charAt(1))
                ? value.substring(0, 2) + "***"
                : "***";
    }

    /** A trace id, which callers may choose. */
    String traceId(String id) {
        return KeyText.parse(id).isPresent() ? "***" : redact(id);
    }

    /** Whether an id that a caller chose may be shown as it is: it has neither a secret nor an account number. */
    public boolean isShowable(String id) {
        return redact(id).equals(id)
                && !id.contains(KeyText.PREFIX)
                && !ACCOUNT_NUMBER.matcher(id).matches();
    }

    /** A text of the gateway itself, without any secret of the configuration. */
    public String redact(String text) {
        String clean = text;
        for (var secret : secrets) {
            clean = secret.redactIn(clean);
        }
        return clean;
    }

    /** Names and values, up to the length that a row has. */
    private static final class Text {
        private final StringBuilder text = new StringBuilder();

        void add(String name, String value) {
            if (!isFull()) {
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value);
            }
        }

        boolean isFull() {
            return text.length() > AuditEntry.PARAMETERS_MAX;
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
