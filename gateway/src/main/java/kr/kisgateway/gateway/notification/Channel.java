package kr.kisgateway.gateway.notification;

import java.net.URI;
import kr.kisgateway.client.Secret;

/** Where notifications are sent. Addresses that grant access by themselves are secrets. */
public sealed interface Channel {
    /** The word of its type in {@code alerts.yaml}. */
    String type();

    /** Whether several notifications fit into one message, because people read it. */
    default boolean groups() {
        return true;
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
    }

    /**
     * A chat of a Telegram bot.
     *
     * @param base address of the bot API
     */
    record Telegram(URI base, Secret token, String chat) implements Channel {
        @Override
        public String type() {
            return "telegram";
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
