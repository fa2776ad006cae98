package kr.kisgateway.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.client.core.SessionCore;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The secrets of one client: app key and secret, account number, its tokens and approval keys. A server, or a proxy
 * before it, may repeat any of them in a text, whatever the request carried; texts go into logs, alerts and answers.
 */
final class SecretRedactor {
    /** Tokens and approval keys live a day; older ones than these are expired. */
    private static final int ISSUED_MAX = 16;

    /** Texts for people and codes in an answer, in the forms of REST and OAuth answers. */
    private static final Pattern TEXT = Pattern.compile(
            "(\"(?:msg1|msg_cd|error_description|error_code|error|message)\"\\s*:\\s*)(\"(?:[^\"\\\\]|\\\\.)*+\")");

    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<Secret> fixed;
    private final Deque<Secret> issued = new ArrayDeque<>();

    SecretRedactor(Credentials credentials) {
        this.fixed = List.of(
                credentials.appKey(),
                credentials.appSecret(),
                Secret.of(credentials.account().cano()));
    }

    /** Redacts {@code secret} from now on, too; the oldest issued one is dropped. */
    synchronized void addSecret(Secret secret) {
        if (fixed.contains(secret) || issued.contains(secret)) {
            return;
        }
        if (issued.size() == ISSUED_MAX) {
            issued.removeFirst();
        }
        issued.addLast(secret);
    }

    /** {@code upstreamText} with {@code ***} for each of them. */
    synchronized String redact(String upstreamText) {
        String clean = upstreamText;
        for (Secret secret : fixed) {
            clean = secret.redactIn(clean);
        }
        for (Secret secret : issued) {
            clean = secret.redactIn(clean);
        }
        return clean;
    }

    /** The JSON {@code body} with {@code ***} for each of them in its texts and codes; its figures stay as they are. */
    String redactTexts(String body) {
        return TEXT.matcher(body).replaceAll(this::redact);
    }

    /** Read as JSON, because {@code \u002d} is a hyphen to every parser of the answer. */
    private String redact(MatchResult member) {
        String quoted = member.group(2);
        String clean = quoted;
        try {
            String text = MAPPER.readTree(quoted).asString("");
            String redacted = redact(text);
            clean = redacted.equals(text) ? quoted : MAPPER.writeValueAsString(redacted);
        } catch (JacksonException unreadable) {
            clean = redact(quoted); // no parser will read it as JSON either
        }
        return Matcher.quoteReplacement(member.group(1) + clean);
    }

    /** The same acknowledgement of a registration, its texts redacted. */
    SessionCore.Input redactAck(SessionCore.Input input) {
        return input instanceof SessionCore.Input.Ack ack
                ? new SessionCore.Input.Ack(
                        ack.conn(),
                        ack.trId(),
                        ack.trKey(),
                        ack.rtCd(),
                        redact(ack.msgCd()),
                        redact(ack.msg1()),
                        ack.hasKey())
                : input;
    }

    /** The same, after its key was recorded. */
    SessionCore.Input addApprovalKey(SessionCore.Input input) {
        if (input instanceof SessionCore.Input.Approved(Secret key)) {
            addSecret(key);
        }
        return input;
    }
}
