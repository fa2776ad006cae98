package kr.kisgateway.simulator.replay;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.wire.NoticeKey;
import tools.jackson.databind.JsonNode;

/**
 * Removes identities and credentials from texts: app keys, secrets, tokens, approval keys, account numbers, HTS ids, names and
 * telephone numbers. It collects them where the protocol has them and then replaces them wherever they occur, each always
 * by the same stand-in of the same length.
 *
 * <p>Notices are encrypted: they are decrypted with the key of their session, cleared, and encrypted again with {@link #KEY},
 * which the acknowledgements then contain. One that cannot be decrypted, or has unknown columns, is left out.
 */
final class Redactor {
    /** The key of all sessions in a recording. It is no secret. */
    static final NoticeKey KEY = new NoticeKey("replay-key-of-32-characters-0000", "replay-iv-000016");

    /** The HTS id in a recording; further ones are numbered on. */
    static final String HTS_ID = "REPLAY01";

    /** The most collected values; more would mean that something else than a few clients is recorded. */
    private static final int MAX_STAND_INS = 2_000;

    /** Shorter values are replaced only where they stand alone: as text they would occur everywhere. */
    private static final int MIN_LENGTH = 5;

    private static final String NAME = "시험계좌";

    /** Columns of notices: HTS id, account and its owner's name. */
    private record Columns(int count, int owner) {}

    private static final Map<String, List<Columns>> NOTICES = Map.of(
            "H0STCNI0", List.of(new Columns(26, 17), new Columns(23, 17)),
            "H0STCNI9", List.of(new Columns(26, 17), new Columns(23, 17)),
            "H0GSCNI0", List.of(new Columns(25, 16)),
            "H0GSCNI9", List.of(new Columns(25, 16)));

    private static final Set<String> SECRET_FIELDS =
            Set.of("appkey", "appsecret", "secretkey", "token", "access_token", "approval_key", "personalseckey");

    private static final Set<String> ACCOUNT_FIELDS = Set.of("cano", "acnt_no");

    /** Fields that contain an HTS id. */
    private static final Set<String> ID_FIELDS = Set.of("user_id", "hts_id", "cust_id");

    /** A JSON text behind its first quote, also one that breaks off. Possessive, or a long one would overflow the stack. */
    private static final String TEXT = "((?:[^\"\\\\]++|\\\\.?)*+)";

    /** Collected fields as they are spelled in texts that no JSON parser accepts. */
    private static final Pattern FIELD_TEXT = Pattern.compile(
            "\"("
                    + Stream.of(SECRET_FIELDS, ACCOUNT_FIELDS, ID_FIELDS)
                            .flatMap(Set::stream)
                            .sorted()
                            .collect(Collectors.joining("|"))
                    + ")\"\\s*:\\s*(?:\"" + TEXT + "|([0-9]++))",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern TR_KEY = Pattern.compile("(\"tr_key\"\\s*:\\s*\")" + TEXT, Pattern.DOTALL);

    /** An HTS id in a query. */
    private static final Pattern ID_PARAMETER =
            Pattern.compile("((?:^|&)(?:user_id|hts_id|cust_id)=)([^&]++)", Pattern.CASE_INSENSITIVE);

    /** Fields of answers that identify or reach a person. */
    private static final Pattern PERSONAL = Pattern.compile(
            "(\"(?:ctac_tlno|acnt_nm|acnt_name|cust_nm|cust_name|cust_id|hts_id|user_id|phone_number|ip_addr|mac_address|gt_uid)\""
                    + "\\s*:\\s*\")" + TEXT + "(\"|\\z)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{8}([0-9]{2})?");

    /** The collected values with their stand-ins. */
    private final Map<String, String> standIns = new LinkedHashMap<>();

    private List<Map.Entry<String, String>> longestFirst = List.of();
    private final Map<String, String> htsIds = new HashMap<>();
    private final Map<Long, NoticeKey> keys = new HashMap<>();
    private int accounts;
    private int secrets;

    /** Collects from a REST call, before it is cleared. Header names are in lower case. */
    void learnCall(Map<String, String> headers, String query, String body) {
        headers.forEach((name, value) -> {
            if (SECRET_FIELDS.contains(name)) {
                addSecret(value);
            } else if (name.equals("authorization")) {
                boolean bearer = value.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
                addSecret(bearer ? value.substring("Bearer ".length()).strip() : value);
            }
        });
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                learnField(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        learnBody(body);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone per cent sign: then it means itself
        }
    }

    /** Collects from any text of a client or an answer: JSON, or what resembles it. */
    void learnBody(String body) {
        learn(RecordingLines.lenient(body));
        // Texts that break off, repeated fields and numbers instead of texts: whatever stands behind a name is removed.
        Matcher fieldText = FIELD_TEXT.matcher(body);
        while (fieldText.find()) {
            learnField(fieldText.group(1), Objects.requireNonNullElseGet(fieldText.group(2), () -> fieldText.group(3)));
        }
    }

    private void learn(JsonNode node) {
        node.properties().forEach(field -> {
            if (field.getValue().isString()) {
                learnField(field.getKey(), field.getValue().stringValue());
            } else {
                learn(field.getValue());
            }
        });
        if (node.isArray()) {
            node.forEach(this::learn);
        }
    }

    private void learnField(String name, String value) {
        String field = name.toLowerCase(Locale.ROOT);
        if (SECRET_FIELDS.contains(field)) {
            addSecret(value);
        } else if (ACCOUNT_FIELDS.contains(field) && ACCOUNT.matcher(value).matches()) {
            addAccount(value.substring(0, 8));
        } else if (ID_FIELDS.contains(field)) {
            addHtsId(value);
        }
    }

    /** Collects from a text on a WebSocket, of either side; acknowledgements contain the session's key. */
    void learnSocket(long session, String text) {
        if (isData(text)) {
            return;
        }
        learnBody(text);
        JsonNode root = RecordingLines.lenient(text);
        JsonNode input = root.path("body").path("input");
        addHtsId(input.path("tr_id").asString(""), input.path("tr_key").asString(""));
        JsonNode header = root.path("header");
        addHtsId(header.path("tr_id").asString(""), header.path("tr_key").asString(""));
        JsonNode output = root.path("body").path("output");
        NoticeKey.of(output.path("key").asString(""), output.path("iv").asString(""))
                .ifPresent(key -> {
                    keys.put(session, key);
                    addStandIn(key.key(), KEY.key());
                    addStandIn(key.iv(), KEY.iv());
                });
    }

    private static boolean isData(String text) {
        return text.startsWith("0|") || text.startsWith("1|");
    }

    void removeSession(long session) {
        keys.remove(session);
    }

    private void addSecret(String value) {
        if (value.length() >= MIN_LENGTH && !standIns.containsKey(value) && !standIns.containsValue(value)) {
            String number = "removed-" + ++secrets + "-";
            addStandIn(
                    value,
                    (number + "x".repeat(Math.max(0, value.length() - number.length()))).substring(0, value.length()));
        }
    }

    private void addAccount(String cano) {
        if (!standIns.containsKey(cano) && !standIns.containsValue(cano)) {
            addStandIn(cano, "9%07d".formatted(++accounts));
        }
    }

    private void addHtsId(String trId, String id) {
        if (isNotice(trId)) {
            addHtsId(id);
        }
    }

    private void addHtsId(String id) {
        if (id.isBlank() || htsIds.containsKey(id) || htsIds.containsValue(id)) {
            return;
        }
        checkCapacity(htsIds.size());
        String standIn = "REPLAY%02d".formatted(htsIds.size() + 1);
        htsIds.put(id, standIn);
        if (id.length() >= MIN_LENGTH) {
            addStandIn(id, standIn);
        }
    }

    private static boolean isNotice(String trId) {
        return NOTICES.containsKey(trId) || trId.matches("[A-Z0-9]{4}CNI[0-9]|K0STCNI[09]");
    }

    private void addStandIn(String value, String standIn) {
        checkCapacity(standIns.size());
        if (value.equals(standIn)) {
            return;
        }
        standIns.putIfAbsent(value, standIn);
        // The same value as JSON and as an address spell it.
        standIns.putIfAbsent(RecordingLines.quoted(value), standIn);
        standIns.putIfAbsent(RecordingLines.quoted(value).replace("/", "\\/"), standIn);
        standIns.putIfAbsent(URLEncoder.encode(value, StandardCharsets.UTF_8), standIn);
        // One secret may be a part of another: the longer must be replaced before its part makes it unrecognisable.
        longestFirst = standIns.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> -each.getKey().length()))
                .toList();
    }

    private static void checkCapacity(int count) {
        if (count >= MAX_STAND_INS) {
            throw new IllegalStateException("more than " + MAX_STAND_INS + " secrets and accounts to remove");
        }
    }

    /** The query with stand-ins for all collected values. */
    String redactQuery(String query) {
        return ID_PARAMETER.matcher(redact(query)).replaceAll(m -> {
            String id = decoded(m.group(2));
            return Matcher.quoteReplacement(
                    m.group(1) + (htsIds.containsValue(id) ? id : htsIds.getOrDefault(id, "***")));
        });
    }

    /** The text with stand-ins for all collected values. */
    String redact(String text) {
        String redacted = text;
        for (Map.Entry<String, String> each : longestFirst) {
            redacted = redacted.replace(each.getKey(), each.getValue());
        }
        Matcher personal = PERSONAL.matcher(redacted);
        return personal.find()
                ? personal.replaceAll(m ->
                        Matcher.quoteReplacement(m.group(1) + (m.group(2).isBlank() ? m.group(2) : "***") + m.group(3)))
                : redacted;
    }

    /** A text on a WebSocket with stand-ins for all collected values; empty when it must be left out. */
    Optional<String> redactSocketText(long session, String text) {
        if (isData(text) && isNotice(text.split("\\|", 3)[1])) {
            return notice(session, text);
        }
        if (text.startsWith("1|")) {
            return Optional.empty(); // encrypted with an unknown key
        }
        // Market data contain no identities, and a number in them that resembles an account is none.
        if (text.startsWith("0|")) {
            return Optional.of(text);
        }
        String redacted = TR_KEY.matcher(redact(text))
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1)
                        + htsIds.entrySet().stream()
                                .filter(id -> RecordingLines.quoted(id.getKey()).equals(m.group(2)))
                                .map(Map.Entry::getValue)
                                .findFirst()
                                .orElse(m.group(2))));
        return Optional.of(redacted);
    }

    private Optional<String> notice(long session, String text) {
        String[] parts = text.split("\\|", 4);
        if (parts.length < 4) {
            return Optional.empty();
        }
        String trId = parts[1].startsWith("K0") ? "H0" + parts[1].substring(2) : parts[1];
        String head = parts[0] + '|' + parts[1] + '|' + parts[2] + '|';
        if (parts[0].equals("0")) {
            return redactRecords(trId, parts[2], parts[3]).map(plain -> head + plain);
        }
        return Optional.ofNullable(keys.get(session))
                .flatMap(key -> key.decrypt(parts[3]))
                .flatMap(plain -> redactRecords(trId, parts[2], plain))
                .map(plain -> head + KEY.encrypt(plain));
    }

    /** @param count of the records that follow each other */
    private Optional<String> redactRecords(String trId, String count, String plain) {
        String[] fields = plain.split("\\^", -1);
        int records = count.matches("[0-9]{1,3}") ? Integer.parseInt(count) : 0;
        if (records == 0 || fields.length % records != 0) {
            return Optional.empty();
        }
        int width = fields.length / records;
        for (Columns columns : NOTICES.getOrDefault(trId, List.of())) {
            // Columns were only ever added behind the owner's name, and one more is no reason to lose the notice.
            if (width >= columns.count()) {
                for (int from = 0; from < fields.length; from += width) {
                    redact(fields, from, columns.owner());
                }
                return Optional.of(String.join("^", fields));
            }
        }
        return Optional.empty();
    }

    private void redact(String[] fields, int from, int owner) {
        fields[from] = htsIds.getOrDefault(fields[from], HTS_ID);
        if (fields[from + 1].length() >= 8) {
            addAccount(fields[from + 1].substring(0, 8));
        }
        fields[from + 1] = redact(fields[from + 1]);
        fields[from + owner] = NAME;
    }
}
