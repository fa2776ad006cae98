/**
 * What can be set, and how it is read: the one place for gateway and SDK.
 *
 * <p>{@link kr.kisgateway.client.settings.Setting} is the table of all settings: a new one is a row there, and {@code
 * docs/SETTINGS.md} is written from it. {@link kr.kisgateway.client.settings.DotEnv} reads {@code .env} files, {@link
 * kr.kisgateway.client.settings.SettingValues} keeps what was given and where, {@link
 * kr.kisgateway.client.settings.SettingForms} reads numbers, times and addresses out of it, and {@link
 * kr.kisgateway.client.settings.BrokerSettings} decides which KIS is meant and with which account. The package knows nothing
 * of the client that is built with it.
 */
@NullMarked
package kr.kisgateway.client.settings;

import org.jspecify.annotations.NullMarked;
