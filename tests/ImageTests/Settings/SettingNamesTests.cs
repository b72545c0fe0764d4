namespace VerSemi.ImageTests.Settings;

/// <summary>What the images' and the compose file's variables are held against can tell right from wrong.</summary>
public sealed class SettingNamesTests
{
    [Theory]
    [InlineData("VERSEMI__BUS__HOST")]
    [InlineData("VERSEMI__TRAINER__DEVICE")]
    [InlineData("VERSEMI__HINTS__HOOKSECRET")]
    [InlineData("VERSEMI__HINTS__QUEUENAME")]
    [InlineData("VERSEMI__ORCHESTRATOR__DATABASE__ENGINE")]
    [InlineData("VERSEMI__ORCHESTRATOR__LINES__main__RECIPE")]
    [InlineData("VERSEMI__ORCHESTRATOR__LINES__main__SEEDS__0")]
    [InlineData("VERSEMI__ORCHESTRATOR__RETRIES__DATA")]
    [InlineData("VERSEMI__ACCESS__HOSTS__0")]
    public void A_setting_is_known(string variable) => Assert.True(SettingNames.Knows(variable));

    [Theory]
    [InlineData("VERSEMI__BUS__HOSTNAME")]
    [InlineData("VERSEMI__BUSS__HOST")]
    [InlineData("VERSEMI__BUS")]
    [InlineData("VERSEMI__BUS__HOST__NAME")]
    [InlineData("VERSEMI__ORCHESTRATOR__DATABASE")]
    [InlineData("VERSEMI__ORCHESTRATOR__LINES__main")]
    [InlineData("VERSEMI__ORCHESTRATOR__LINES__main__RECEIPT")]
    [InlineData("VERSEMI_BUS_HOST")]
    public void A_name_that_no_class_has_is_not(string variable) => Assert.False(SettingNames.Knows(variable));
}
