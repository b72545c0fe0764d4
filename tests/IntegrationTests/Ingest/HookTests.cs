using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using VerSemi.Ingest.Hints;

namespace VerSemi.IntegrationTests.Ingest;

/// <summary>The webhook as Event Grid calls it; the next sweep is an hour away.</summary>
public sealed class HookTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_make_the_sweep_look_at_their_drops_now_several_in_one_body()
    {
        await using var host = await HintHost.StartAsync();
        foreach (var drop in new[] { "a", "b", "c" })
            host.Drop(drop);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(host, $"[{Events.EventGrid("a")},{Events.EventGrid("b")},{Events.EventGrid("a")}]")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(host, Events.CloudEvent("c"))).Status);
        foreach (var drop in new[] { "a", "b", "c" })
            await host.RungForAsync(drop);
    }

    [Fact]
    public async Task The_question_for_the_subscription_is_answered_with_its_code()
    {
        await using var host = await HintHost.StartAsync();
        var (status, body) = await PostAsync(host,
            """[{"id":"1","topic":"/subscriptions/s","subject":"","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","eventTime":"2026-01-01T00:00:00Z","dataVersion":"1","data":{"validationCode":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6","validationUrl":"https://example.org/validate"}}]""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("512d38b6-c7b8-40c8-89fe-f46f9e9622b6", JsonDocument.Parse(body).RootElement.GetProperty("validationResponse").GetString());
    }

    [Fact]
    public async Task The_handshake_of_CloudEvents_is_answered_with_the_origin_and_a_rate()
    {
        await using var host = await HintHost.StartAsync();
        using var question = new HttpRequestMessage(HttpMethod.Options, IngestHooks.BlobCreated);
        question.Headers.Add("WebHook-Request-Origin", "eventgrid.azure.net");
        question.Headers.Add("WebHook-Request-Rate", "120");
        using var answer = await host.Http.SendAsync(question, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("eventgrid.azure.net", "*"), (answer.Headers.GetValues("WebHook-Allowed-Origin").Single(), answer.Headers.GetValues("WebHook-Allowed-Rate").Single()));

        using var nameless = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, IngestHooks.BlobCreated), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, nameless.StatusCode);
    }

    [Fact]
    public async Task Without_the_secret_nobody_is_listened_to()
    {
        await using var host = await HintHost.StartAsync();
        host.Drop("a");
        foreach (var secret in new[] { null, "", "wrong", HintHost.Secret + "x", HintHost.Secret[..^1] })
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(host, Events.EventGrid("a"), secret)).Status);
        host.Drop("last");
        await PostAsync(host, Events.EventGrid("last"));
        await host.RungForAsync("last");
        Assert.DoesNotContain("a", host.Rung);
    }

    [Fact]
    public async Task Where_no_secret_is_set_there_is_no_webhook()
    {
        await using var host = await HintHost.StartAsync(secret: "");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(host, Events.EventGrid("a"), secret: "")).Status);
        using var answer = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, IngestHooks.BlobCreated), Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_more_than_a_mebibyte_is_refused_also_where_its_length_is_not_told(bool chunked)
    {
        await using var host = await HintHost.StartAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(host, Events.EventGrid("a").PadRight((1 << 20) - 1000), chunked: chunked)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(host, Events.EventGrid("a").PadRight((1 << 20) + 1), chunked: chunked)).Status);
    }

    [Fact]
    public async Task What_is_no_event_is_answered_with_the_reason()
    {
        await using var host = await HintHost.StartAsync();
        var (status, body) = await PostAsync(host, "{}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("neither 'eventType'", JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_could_be_guessed_keeps_the_service_from_starting()
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => HintHost.StartAsync(secret: "hunter2"));
        Assert.Contains("Hints:HookSecret has 7 characters", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HintHost host, string body, string? secret = HintHost.Secret, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, IngestHooks.BlobCreated) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null)
            request.Headers.Add(IngestHooks.SecretHeader, secret);
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await host.Http.SendAsync(request, Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
