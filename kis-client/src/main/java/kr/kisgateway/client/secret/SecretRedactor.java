package kr.kisgateway.client.secret;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Secret;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The secrets of one client: app key and secret, account number, its tokens and approval keys. A server, or a proxy
 * before it, may repeat any of them in a text, whatever the request carried; texts go into logs, alerts and answers.
 */
public final class SecretRedactor {
    /** Tokens and approval keys live a day; older ones than these are expired. */
    private static final int ISSUED_MAX = 16;

    /** A server may cut a secret off, or break it; a shorter part is of no use, and may be part of a word. */
    private static final int PART_LENGTH = 12;

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** Fields with texts for people and codes, in the forms of REST and OAuth answers; a parser finds them in any case. */
    private static final List<String> TEXTS =
            List.of("msg1", "msg_cd", "error_description", "error_code", "error", "message");

    private static final Pattern VALUE = Pattern.compile("\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|[-+.0-9eE]++)");

    private static final JsonMapper MAPPER = new JsonMapper();

    private List<Secret> fixed;
    private final Deque<Secret> issued = new ArrayDeque<>();
    /** Each part of this length of each of them. */
    private final Set<String> parts = new HashSet<>();
    /** By {@link #ends}: most texts have no part, and nothing of them is copied to see that. */
    private final BitSet ends = new BitSet();

    public SecretRedactor(Credentials credentials) {
        this.fixed = List.of(
                credentials.appKey(),
                credentials.appSecret(),
                Secret.of(credentials.account().cano()));
        collectParts();
    }

    /** Redacts the number of a further account from now on, too. */
    public synchronized void addAccount(AccountNumber account) {
        var number = Secret.of(account.cano());
        if (!fixed.contains(number)) {
            fixed = Stream.concat(fixed.stream(), Stream.of(number)).toList();
            collectParts();
        }
    }

    /** Redacts {@code secret} from now on, too; the oldest issued one is dropped. */
    public synchronized void addSecret(Secret secret) {
        if (fixed.contains(secret) || issued.contains(secret)) {
            return;
        }
        if (issued.size() == ISSUED_MAX) {
            issued.removeFirst();
        }
        issued.addLast(secret);
        collectParts();
    }

    /**
     * {@code upstreamText} with {@code ***} for each of them and for each part of one, also where control characters
     * separate the parts.
     */
    public synchronized String redact(String upstreamText) {
        String text = INVISIBLE.matcher(upstreamText).replaceAll("");
        String clean = text;
        for (Secret secret : fixed) {
            clean = secret.redactIn(clean);
        }
        for (Secret secret : issued) {
            clean = secret.redactIn(clean);
        }
        clean = redactParts(clean);
        return clean.equals(text) ? upstreamText : clean;
    }

    private String redactParts(String text) {
        if (!hasPart(text)) {
            return text;
        }
        var clean = new StringBuilder();
        int start = 0;
        while (start < text.length()) {
            int end = start + PART_LENGTH;
            if (!isPart(text, end)) {
                clean.append(text.charAt(start++));
                continue;
            }
            while (isPart(text, end + 1)) {
                end++;
            }
            clean.append("***");
            start = end;
        }
        return clean.toString();
    }

    private boolean hasPart(String text) {
        for (int end = PART_LENGTH; end <= text.length(); end++) {
            if (isPart(text, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean isPart(String text, int end) {
        return end <= text.length()
                && ends.get(ends(text, end))
                && parts.contains(text.substring(end - PART_LENGTH, end));
    }

    /** A number of fourteen bits of the first and the last two characters of a part. */
    private static int ends(String text, int end) {
        int start = end - PART_LENGTH;
        int first = text.charAt(start) * 31 + text.charAt(start + 1);
        int last = text.charAt(end - 2) * 31 + text.charAt(end - 1);
        return (first * 127 + last) & 0x3fff;
    }

    private void collectParts() {
        parts.clear();
        ends.clear();
        for (List<Secret> secrets : List.of(fixed, List.copyOf(issued))) {
            for (Secret secret : secrets) {
                String whole = secret.reveal();
                for (int end = PART_LENGTH; end <= whole.length(); end++) {
                    parts.add(whole.substring(end - PART_LENGTH, end));
                    ends.set(ends(whole, end));
                }
            }
        }
    }

    /** The JSON {@code body} with {@code ***} for each of them in its texts and codes; its figures stay as they are. */
    public String redactTexts(String body) {
        // Hardly any answer has one, and a copy of each would be a quarter of what a call allocates.
        var clean = new StringBuilder();
        int copied = 0;
        boolean escapes = body.indexOf('\\') >= 0;
        int name = body.indexOf('"');
        for (int end = body.indexOf('"', name + 1); name >= 0 && end >= 0; end = body.indexOf('"', name + 1)) {
            var value =
                    isText(body, name + 1, end, escapes) ? valueAfter(body, end + 1) : Optional.<MatchResult>empty();
            if (value.isPresent() && value.get().start(1) >= copied) {
                String written = value.get().group(1);
                String redacted = redactJson(written);
                if (!redacted.equals(written)) {
                    clean.append(body, copied, value.get().start(1)).append(redacted);
                    copied = value.get().end(1);
                }
            }
            // The value is looked at and not passed: what looks like a field within a text must not hide the next
            // field.
            name = value.isPresent() ? body.indexOf('"', value.get().start(1)) : end;
        }
        return copied == 0 ? body : clean.append(body, copied, body.length()).toString();
    }

    /** Whether what is between two quotation marks may be the name of a text: an escape may write any letter of it. */
    private static boolean isText(String body, int start, int end, boolean escapes) {
        if (escapes && body.indexOf('\\', start, end) >= 0) {
            return true;
        }
        for (String text : TEXTS) {
            if (text.length() == end - start && body.regionMatches(true, start, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }

    private static Optional<MatchResult> valueAfter(String body, int start) {
        var value = VALUE.matcher(body).region(start, body.length());
        return value.lookingAt() ? Optional.of(value.toMatchResult()) : Optional.empty();
    }

    private String redactJson(String value) {
        try {
            String text = MAPPER.readTree(value).asString("");
            String redacted = redact(text);
            return redacted.equals(text) ? value : MAPPER.writeValueAsString(redacted);
        } catch (JacksonException unreadable) {
            return redact(value); // no parser will read it as JSON either
        }
    }
}
