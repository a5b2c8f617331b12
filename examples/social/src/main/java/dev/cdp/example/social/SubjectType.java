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
    @JsonProperty("content")
    CONTENT,
    @JsonProperty("conversation")
    CONVERSATION,
    @JsonProperty("feed")
    FEED,
    @JsonProperty("gathering")
    GATHERING,
    @JsonProperty("group")
    GROUP,
    @JsonProperty("listing")
    LISTING,
    @JsonProperty("message")
    MESSAGE,
    @JsonProperty("notification")
    NOTIFICATION,
    @JsonProperty("page")
    PAGE,
    @JsonProperty("payment")
    PAYMENT,
    @JsonProperty("post")
    POST,
    @JsonProperty("profile")
    PROFILE,
    @JsonProperty("search")
    SEARCH,
    @JsonProperty("story")
    STORY,
    @JsonProperty("video")
    VIDEO
}
