package kr.kisgateway.gateway.chat;

import java.time.Instant;

/**
 * A text message to a bot.
 *
 * @param id ascending for each bot
 * @param sentAt by the messenger's clock, in seconds
 * @param chat number of the chat
 * @param user number of the sender; 0 without one
 */
record BotUpdate(long id, Instant sentAt, long chat, long user, String text) {}
