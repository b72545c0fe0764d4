using VerSemi.Domain.Catalogue;

namespace VerSemi.UnitTests.Domain.Catalogue;

public class SplitAssignmentTests
{
    [Theory]
    [InlineData(10, 4, 2)]
    [InlineData(20, 4, 3)]
    [InlineData(30, 6, 5)]
    [InlineData(200, 40, 30)]
    public void The_first_commit_seals_a_fifth_or_four_and_validates_on_fifteen_percent_or_two(int patients, int test, int validation)
    {
        var rule = SplitAssignment.Assign(null, Patients(0, patients), []);

        Assert.Equal((test, validation, patients - test - validation), Count(rule));
        Assert.NotNull(rule.TestBelow);
        Assert.NotNull(rule.ValidationBelow);
    }

    [Fact]
    public void Below_ten_labelled_cases_a_dataset_is_training_only()
    {
        var rule = SplitAssignment.Assign(null, Patients(0, 9), []);

        Assert.Equal((0, 0, 9), Count(rule));
        Assert.Null(rule.TestBelow);
        Assert.Null(rule.ValidationBelow);
    }

    [Fact]
    public void Ten_cases_of_six_patients_are_training_only_since_nobody_would_be_left_to_train_on()
    {
        var six = Patients(0, 6);

        Assert.Equal((0, 0, 6), Count(SplitAssignment.Assign(null, [.. six, .. six], [])));
        Assert.Equal((4, 2, 1), Count(SplitAssignment.Assign(null, [.. six, .. six, "patient6"], [])));
    }

    [Fact]
    public void The_order_of_the_cases_does_not_matter()
    {
        var forward = SplitAssignment.Assign(null, Patients(0, 25), []);
        var backward = SplitAssignment.Assign(null, [.. Patients(0, 25).AsEnumerable().Reverse()], []);

        Assert.Equal(forward.Patients, backward.Patients);
        Assert.Equal(forward.Patients.Keys.Order(StringComparer.Ordinal), forward.Patients.Keys);
    }

    [Fact]
    public void Later_patients_take_the_recorded_thresholds_and_nobody_moves()
    {
        var first = SplitAssignment.Assign(null, Patients(0, 40), []);
        var second = SplitAssignment.Assign(first, Patients(0, 2000), []);

        Assert.Equal((first.TestBelow, first.ValidationBelow), (second.TestBelow, second.ValidationBelow));
        Assert.All(first.Patients, old => Assert.Equal(old.Value, second.Patients[old.Key]));
        Assert.All(second.Patients, p => Assert.Equal(string.CompareOrdinal(SplitAssignment.Rank(p.Key), first.TestBelow) < 0, p.Value == Split.Test));
        Assert.True(second.Patients.Values.Count(split => split == Split.Validation) > 100);
    }

    [Fact]
    public void A_patient_that_is_gone_from_the_drop_keeps_its_split()
    {
        var first = SplitAssignment.Assign(null, Patients(0, 20), []);

        Assert.Equal(first.Patients, SplitAssignment.Assign(first, Patients(0, 3), []).Patients);
    }

    [Fact]
    public void Patients_of_labelsTs_are_the_test_set_and_no_other_patient_is_held_out_beside_them()
    {
        var rule = SplitAssignment.Assign(null, Patients(0, 10), Patients(100, 5));

        Assert.Equal((5, 2, 8), Count(rule));
        Assert.All(Patients(100, 5), patient => Assert.Equal(Split.Test, rule.Patients[patient]));
    }

    [Fact]
    public void Beside_labelsTs_others_are_held_out_where_the_drop_asks_for_it_as_if_there_were_no_labelsTs()
    {
        var rule = SplitAssignment.Assign(null, Patients(0, 10), Patients(100, 5), holdOutTest: true);

        Assert.Equal((4 + 5, 2, 4), Count(rule));
        Assert.Equal(SplitAssignment.Assign(null, Patients(0, 10), []).TestBelow, rule.TestBelow);
    }

    [Fact]
    public void Later_patients_of_a_dataset_whose_test_set_is_labelsTs_are_not_held_out_until_a_drop_asks_for_it()
    {
        var first = SplitAssignment.Assign(null, Patients(0, 20), Patients(100, 5));
        var more = SplitAssignment.Assign(first, Patients(0, 60), []);
        var asked = SplitAssignment.Assign(more, Patients(0, 90), [], holdOutTest: true);

        Assert.Equal(5, Count(more).Test);
        Assert.True(Count(more).Validation > Count(first).Validation);
        Assert.True(Count(asked).Test > 5);
        Assert.All(more.Patients, old => Assert.Equal(old.Value, asked.Patients[old.Key]));
    }

    [Fact]
    public void A_later_drop_with_labelsTs_holds_out_none_of_its_other_patients()
    {
        var first = SplitAssignment.Assign(null, Patients(0, 30), []);
        var second = SplitAssignment.Assign(first, Patients(0, 80), Patients(100, 5));
        var third = SplitAssignment.Assign(second, Patients(0, 130).Except(Patients(100, 5)).ToList(), []);

        Assert.Equal(Count(first).Test + 5, Count(second).Test);
        Assert.Equal(first.TestBelow, second.TestBelow);
        Assert.True(Count(third).Test > Count(second).Test);
    }

    [Fact]
    public void A_training_only_dataset_still_seals_its_labelsTs() =>
        Assert.Equal((4, 0, 6), Count(SplitAssignment.Assign(null, Patients(0, 6), Patients(100, 4))));

    [Fact]
    public void A_patient_of_labelsTs_that_already_trains_stays_in_training()
    {
        var first = SplitAssignment.Assign(null, Patients(0, 30), []);
        var training = first.Patients.First(patient => patient.Value == Split.Training).Key;

        Assert.Equal(Split.Training, SplitAssignment.Assign(first, Patients(0, 30), [training]).Patients[training]);
    }

    [Fact]
    public void A_patient_in_both_folders_of_one_drop_is_sealed() =>
        Assert.Equal(Split.Test, SplitAssignment.Assign(null, Patients(0, 30), ["patient7"]).Patients["patient7"]);

    [Fact]
    public void A_dataset_that_outgrows_training_only_keeps_its_trainers_and_splits_the_newcomers()
    {
        var first = SplitAssignment.Assign(null, Patients(0, 9), []);
        var second = SplitAssignment.Assign(first, Patients(0, 60), []);
        var third = SplitAssignment.Assign(second, Patients(0, 90), []);

        Assert.All(Patients(0, 9), patient => Assert.Equal(Split.Training, second.Patients[patient]));
        Assert.Contains(Split.Test, second.Patients.Values);
        Assert.Contains(Split.Validation, second.Patients.Values);
        Assert.Equal(second.TestBelow, third.TestBelow);
        Assert.All(second.Patients, old => Assert.Equal(old.Value, third.Patients[old.Key]));
    }

    private static List<string> Patients(int from, int count) => Enumerable.Range(from, count).Select(i => $"patient{i}").ToList();

    private static (int Test, int Validation, int Training) Count(SplitRule rule) => (
        rule.Patients.Values.Count(split => split == Split.Test),
        rule.Patients.Values.Count(split => split == Split.Validation),
        rule.Patients.Values.Count(split => split == Split.Training));
}
