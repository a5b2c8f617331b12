package dev.cdp.example.social;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What kind of thing an event is about. */
public enum SubjectType {
    @JsonProperty("account")
    ACCOUNT,
    @JsonProperty("ad")
    AD,
    @JsonProperty("comment")
    COMMENT,
    @JsonProperty("conversation")
    CONVERSATION,
    @JsonProperty("feed")
    FEED,
    @JsonProperty("message")
    MESSAGE,
    @JsonProperty("notification")
    NOTIFICATION,
    @JsonProperty("post")
    POST,
    @JsonProperty("profile")
    PROFILE,
    @JsonProperty("search")
    SEARCH,
    @JsonProperty("video")
    VIDEO
}
