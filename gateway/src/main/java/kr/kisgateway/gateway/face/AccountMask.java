package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.wire.RestCall;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Exchanges the account of a virtual app key for the real one in requests, and back in answers. Columns that carry an account
 * number, a login id or a person's data are known by name; wherever else the real number or id appears as a word, it is
 * exchanged, too.
 */
final class AccountMask {
    /** Columns of answers whose value is the number of an account. */
    private static final Set<String> ACCOUNT_COLUMNS = Set.of("acnt_no", "acct_no", "acno10", "acno");

    private static final Set<String> LOGIN_COLUMNS = Set.of("user_id", "cust_id", "hts_id");
    /** Columns of answers about the owner; they are emptied. */
    private static final Set<String> PERSONAL_COLUMNS =
            Set.of("acnt_name", "csac_name", "ctac_tlno", "cust_rncno25", "hmid");

    private static final String PAGE_KEY = "ctx_area_";
    private static final int NEUTRAL_BYTES_MAX = 8 * 1_024 * 1_024;
    private static final JsonMapper JSON = new JsonMapper();

    private final KisUpstream.Identity real;
    private final PageKeys pageKeys;
    private final Pattern accountWord;
    private final Optional<Pattern> loginWord;
    /**
     * What is passed on of answers without anything of the account, which is the same for every key. An entry lives as long as
     * KIS's own text, which the cache of answers holds.
     */
    private final Cache<String, byte[]> neutral = Caffeine.newBuilder()
            .executor(Runnable::run)
            .weakKeys()
            .maximumWeight(NEUTRAL_BYTES_MAX)
            .weigher((String _, byte[] utf8) -> utf8.length)
            .build();

    AccountMask(KisUpstream.Identity real, PageKeys pageKeys) {
        this.real = real;
        this.pageKeys = pageKeys;
        this.accountWord = Pattern.compile("(?<![0-9])" + Pattern.quote(real.cano()) + "(?=-?"
                + Pattern.quote(real.productCode()) + "(?![0-9])|(?![0-9]))");
        this.loginWord = real.htsId()
                .filter(id -> !id.isEmpty())
                .map(id -> Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(id) + "(?![A-Za-z0-9_])"));
    }

    /**
     * What stands in the place of the account.
     *
     * @param accountNumber ten digits: CANO and ACNT_PRDT_CD
     * @param htsId login id
     */
    record Masked(String accountNumber, String htsId) {
        private static final int CANO_LENGTH = 8;

        static Masked of(FaceIdentity identity) {
            return new Masked(identity.accountNumber(), identity.htsId());
        }

        String cano() {
            return accountNumber.substring(0, CANO_LENGTH);
        }

        String productCode() {
            return accountNumber.substring(CANO_LENGTH);
        }
    }

    /** Registers the meters of several masks. */
    static void bind(Collection<AccountMask> masks, Meters meters) {
        meters.cacheLimit(
                "face_neutral_answers",
                () -> masks.stream()
                        .mapToLong(mask -> Meters.weight(mask.neutral))
                        .sum(),
                (long) masks.size() * NEUTRAL_BYTES_MAX);
    }

    /** Whether the account of a request is the key's. A call about an account must name it. */
    static boolean isOwnAccount(RestCall call, Map<String, String> parameters, Masked own) {
        return matches(call, parameters, "CANO", own.cano())
                && matches(call, parameters, "ACNT_PRDT_CD", own.productCode());
    }

    private static boolean matches(RestCall call, Map<String, String> parameters, String name, String own) {
        return value(parameters, name)
                .map(own::equals)
                .orElseGet(() ->
                        call.params().stream().noneMatch(param -> param.name().equalsIgnoreCase(name)));
    }

    private static Optional<String> value(Map<String, String> parameters, String name) {
        return parameters.entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * The parameters with the real account; empty when a page key is not of this key.
     *
     * @param keyId of the caller
     */
    Optional<Map<String, String>> toKis(Map<String, String> parameters, Masked own, String keyId) {
        Map<String, String> out = new LinkedHashMap<>();
        for (var each : parameters.entrySet()) {
            String name = each.getKey().toLowerCase(Locale.ROOT);
            Optional<String> value = switch (name) {
                case "cano" -> Optional.of(real.cano());
                case "acnt_prdt_cd" -> Optional.of(real.productCode());
                case "user_id" ->
                    Optional.of(
                            each.getValue().equals(own.htsId()) ? real.htsId().orElse("") : "");
                default ->
                    name.startsWith(PAGE_KEY) ? pageKeys.open(keyId, each.getValue()) : Optional.of(each.getValue());
            };
            if (value.isEmpty()) {
                return Optional.empty();
            }
            out.put(each.getKey(), value.get());
        }
        return Optional.of(out);
    }

    /** An answer of KIS that was found to have nothing of the account, as every key gets it, in UTF-8; it must not be changed. */
    Optional<byte[]> neutral(String body) {
        return Optional.ofNullable(neutral.getIfPresent(body));
    }

    /** KIS's answer with the account of the key; a body that is no JSON is not passed on. */
    Optional<String> fromKis(String body, Masked own, String keyId) {
        boolean isNeutral = true;
        var out = new StringWriter(body.length() + 64);
        try (JsonParser in = JSON.createParser(body);
                JsonGenerator writer = JSON.createGenerator(out)) {
            String column = "";
            int depth = 0;
            boolean isComplete = false;
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (isComplete) {
                    return Optional.empty(); // a second value follows: no JSON, and the account may be in it
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                isComplete = depth == 0;
                if (token == JsonToken.PROPERTY_NAME) {
                    column = in.currentName();
                    writer.writeName(column);
                } else if (token == JsonToken.VALUE_STRING) {
                    String value = in.getString();
                    Optional<String> other = exchanged(column.toLowerCase(Locale.ROOT), value, own, keyId);
                    isNeutral &= other.isEmpty();
                    writer.writeString(other.orElse(value));
                } else if (token.isNumeric()) {
                    writer.writeNumber(
                            in.getString()); // as written: the library would round it, and write 1e400 as Infinity
                } else {
                    writer.copyCurrentEvent(in);
                }
            }
        } catch (JacksonException e) {
            return Optional.empty();
        }
        String rewritten = out.toString();
        if (isNeutral) {
            neutral.put(body, rewritten.getBytes(StandardCharsets.UTF_8));
        }
        return Optional.of(rewritten);
    }

    /** What replaces a value; empty where it stays. */
    private Optional<String> exchanged(String column, String value, Masked own, String keyId) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (column.equals("cano")) {
            return Optional.of(own.cano());
        }
        if (column.equals("acnt_prdt_cd")) {
            return Optional.of(own.productCode());
        }
        if (ACCOUNT_COLUMNS.contains(column)) {
            return Optional.of(own.accountNumber());
        }
        if (LOGIN_COLUMNS.contains(column)) {
            return Optional.of(own.htsId());
        }
        if (PERSONAL_COLUMNS.contains(column)) {
            return Optional.of("");
        }
        if (column.startsWith(PAGE_KEY)) {
            return value.isBlank() ? Optional.empty() : Optional.of(pageKeys.seal(keyId, value));
        }
        return exchanged(value, own);
    }

    /** A text with the real account and login id exchanged. A number alone is a figure that equals the account by chance. */
    private Optional<String> exchanged(String value, Masked own) {
        Optional<String> login = loginWord
                .filter(_ -> real.htsId().filter(value::contains).isPresent())
                .map(word -> word.matcher(value).replaceAll(own.htsId()));
        String exchanged = login.orElse(value);
        return exchanged.length() <= real.cano().length() || !exchanged.contains(real.cano())
                ? login
                : Optional.of(accountWord.matcher(exchanged).replaceAll(own.cano()));
    }
}
