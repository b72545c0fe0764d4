using System.Text;
using VerSemi.Ingest.Hints;

namespace VerSemi.UnitTests.Ingest.Hints;

public sealed class StorageEventsTests
{
    private const string Subject = "/blobServices/default/containers/versemi/blobs/incoming/liver-1/imagesTr/c01.nii.gz";
    private const string EventGrid = $$"""{"topic":"/subscriptions/s/storageAccounts/a","subject":"{{Subject}}","eventType":"Microsoft.Storage.BlobCreated","id":"1","eventTime":"2026-01-01T00:00:00Z","data":{"api":"PutBlob","url":"https://a.blob.core.windows.net/x"},"dataVersion":"","metadataVersion":"1"}""";
    private const string CloudEvent = $$"""{"specversion":"1.0","type":"Microsoft.Storage.BlobCreated","source":"/subscriptions/s/storageAccounts/a","id":"1","subject":"{{Subject}}","data":{"api":"PutBlockList"} }""";

    public static TheoryData<string, int> Bodies => new()
    {
        { EventGrid, 1 },
        { CloudEvent, 1 },
        { $"[{EventGrid}]", 1 },
        { $"[{CloudEvent},{EventGrid},{CloudEvent}]", 3 },
        { "[]", 0 },
        { $"\uFEFF  {EventGrid}\n", 1 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Both_schemas_are_read_one_or_several_as_text_or_in_base64(string body, int events)
    {
        foreach (var written in new[] { body, Convert.ToBase64String(Encoding.UTF8.GetBytes(body)) })
        {
            var found = StorageEvents.Parse(written);
            Assert.Equal(events, found.Count);
            Assert.All(found, one => Assert.Equal((StorageEvent.BlobCreated, Subject), (one.Type, one.Subject)));
        }
    }

    [Fact]
    public void The_event_that_asks_whether_it_is_wanted_brings_a_code() => Assert.Equal("512d38b6", Assert.Single(StorageEvents.Parse(
        """[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","subject":"","data":{"validationCode":"512d38b6","validationUrl":"https://x"}}]""")).ValidationCode);

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("hello", "not JSON")]
    [InlineData("{\"eventType\":", "not JSON")]
    [InlineData("aGVsbG8=", "not JSON")]
    [InlineData("7", "an object")]
    [InlineData("[7]", "an object")]
    [InlineData("{}", "no event")]
    [InlineData("{\"eventType\":7}", "no event")]
    [InlineData("{\"specversion\":\"0.3\",\"type\":\"t\"}", "CloudEvents 0.3")]
    public void What_is_no_event_is_refused_with_the_reason(string body, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => StorageEvents.Parse(body)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Subject, "liver-1")]
    [InlineData("/blobServices/default/containers/versemi/blobs/incoming/a b/x", "a b")]
    [InlineData("/blobServices/default/containers/versemi/blobs/incoming/loose-file", null)]
    [InlineData("/blobServices/default/containers/versemi/blobs/incoming//x", null)]
    [InlineData("/blobServices/default/containers/versemi/blobs/datasets/liver/head.json", null)]
    [InlineData("/blobServices/default/containers/other/blobs/incoming/liver-1/x", null)]
    [InlineData("/blobServices/default/containers/versemi2/blobs/incoming/liver-1/x", null)]
    [InlineData("", null)]
    public void The_subject_of_a_file_in_a_drop_names_the_drop(string subject, string? drop) => Assert.Equal(drop, BlobHints.DropOf(subject, "versemi"));
}
