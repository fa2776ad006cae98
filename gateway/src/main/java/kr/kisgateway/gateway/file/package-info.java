/** Files that are written completely or not at all, and locks of files. */
@NullMarked
package kr.kisgateway.gateway.file;

import org.jspecify.annotations.NullMarked;
