/**
 * Commands that people send by a messenger: {@link kr.kisgateway.gateway.chat.CommandCore} decides which messages are commands of people
 * who may send them, {@link kr.kisgateway.gateway.chat.BotPoller} reads the messages of one bot and carries the commands out by
 * {@link kr.kisgateway.gateway.chat.CommandActions}, and {@link kr.kisgateway.gateway.chat.BotCommands} runs a poller for each bot of
 * {@code alerts.yaml}. The gateway requests the messages: no port is opened for them.
 */
@NullMarked
package kr.kisgateway.gateway.chat;

import org.jspecify.annotations.NullMarked;
