package kr.kisgateway.gateway.notification;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.Secret;

/** Where notifications are sent. Addresses that grant access by themselves are secrets. */
public sealed interface Channel {
    /** The word of its type in {@code alerts.yaml}. */
    String type();

    /** Whether several notifications fit into one message, because people read it. */
    default boolean groups() {
        return true;
    }

    /** Characters that a message has at most; its receiver cuts or refuses longer ones. */
    default int textMax() {
        return 4_000;
    }

    /** An incoming webhook of Slack. */
    record Slack(Secret url) implements Channel {
        @Override
        public String type() {
            return "slack";
        }
    }

    /** A webhook of Discord. */
    record Discord(Secret url) implements Channel {
        @Override
        public String type() {
            return "discord";
        }

        @Override
        public int textMax() {
            return 2_000;
        }
    }

    /**
     * A chat of a Telegram bot.
     *
     * @param base address of the bot API
     * @param commands which commands the bot accepts; empty for none
     */
    record Telegram(URI base, Secret token, String chat, Optional<Commands> commands) implements Channel {
        /**
         * Commands that a bot accepts.
         *
         * @param chats numbers of the chats from which they are accepted
         * @param users numbers of the users of whom they are accepted
         * @param changes whether the kill switch may be set
         */
        public record Commands(Set<Long> chats, Set<Long> users, boolean changes) {
            public Commands {
                chats = Set.copyOf(chats);
                users = Set.copyOf(users);
            }
        }

        /** The public number of the bot. */
        public String bot() {
            String text = token.reveal();
            return text.substring(0, text.indexOf(':'));
        }

        @Override
        public String type() {
            return "telegram";
        }
    }

    /**
     * Addresses that get e-mail.
     *
     * @param name of the channel
     * @param login empty for a server that needs none
     * @param from address of the sender
     * @param to addresses of the receivers
     * @param ca file of certificates in PEM that are trusted instead of the usual ones
     */
    record Email(
            String name,
            String host,
            int port,
            Security security,
            Optional<Login> login,
            String from,
            List<String> to,
            Optional<Path> ca)
            implements Channel {
        /** How the connection is encrypted. */
        enum Security {
            /** From its beginning. */
            TLS,
            /** By a command, before anything is sent. */
            STARTTLS,
            /** Not at all, for a server on this machine or inside the network. */
            NONE
        }

        /** Name and password at the server. */
        record Login(String user, Secret password) {}

        public Email {
            to = List.copyOf(to);
        }

        @Override
        public String type() {
            return "email";
        }
    }

    /**
     * A service of PagerDuty, by its Events API v2. It opens and resolves incidents.
     *
     * @param base address of the Events API
     */
    record PagerDuty(URI base, Secret routingKey) implements Channel {
        @Override
        public String type() {
            return "pagerduty";
        }

        @Override
        public boolean groups() {
            return false;
        }
    }

    /**
     * Any other receiver of JSON.
     *
     * @param key signs each message
     */
    record Webhook(Secret url, Secret key) implements Channel {
        @Override
        public String type() {
            return "webhook";
        }

        @Override
        public boolean groups() {
            return false;
        }
    }
}
