using VerSemi.Platform.Logs;

namespace VerSemi.UnitTests.Platform.Logs;

public sealed class OutsideTextTests
{
    [Theory]
    [InlineData("liver", "liver")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("0123456789abc", "0123456789… (3 more characters)")]
    [InlineData("a\nb\u001b[2Jc", "a\uFFFDb\uFFFD[2Jc")]
    [InlineData("cod\u202Eexe", "cod\uFFFDexe")]
    public void A_text_from_outside_is_cut_and_loses_what_steers_a_terminal(string text, string expected) => Assert.Equal(expected, OutsideText.Cut(text, 10));

    [Fact]
    public void It_is_never_cut_within_a_character() => Assert.Equal("012345678… (3 more characters)", OutsideText.Cut("012345678\U0001F600x", 10));

    [Theory]
    [InlineData("Could not find a part of the path '/srv/versemi data/incoming/x'.", "Could not find a part of the path (a file of the server).")]
    [InlineData("No space left on device : '/data/.store/1f.part'", "No space left on device : (a file of the server)")]
    [InlineData("Access to /var/lib/versemi.db, or to \"/a b\", is denied", "Access to (a file of the server), or to (a file of the server), is denied")]
    [InlineData("'incoming/a' is a link to '/etc/passwd'.", "'incoming/a' is a link to (a file of the server).")]
    [InlineData("Blob 'models/main/1/model.json' is not read/written by http://127.0.0.1:10000/versemi", "Blob 'models/main/1/model.json' is not read/written by http://127.0.0.1:10000/versemi")]
    public void Paths_of_the_server_are_not_told(string message, string expected) => Assert.Equal(expected, OutsideText.WithoutPaths(message));
}
