*** Settings ***
Documentation     The same script twice: the same virtual times, the same calls, the same page states.
Resource          renode-uvmem.resource

*** Keywords ***
Tell The Story
    [Documentation]    Boots to the end of the demonstration; "call" is where a break pauses it once. Returns virtual times of
    ...    three lines and the trace of everything that the ultravisor did.
    [Arguments]    ${call}
    Boot Hypervisor    secure
    ${trace}=    Allocate Temporary File
    Execute Command    uv Trace @${trace}
    Wait For Ultracall    ${call}
    ${secure}=    Wait For Line On Uart    ${GUEST IS SECURE}
    ${shared}=    Wait For Line On Uart    @checkpoint shared
    ${end}=    Wait For Line On Uart    ${STORY IS TOLD}
    Execute Command    uv EndTrace
    ${events}=    Get File    ${trace}
    RETURN    ${secure}[Timestamp]    ${shared}[Timestamp]    ${end}[Timestamp]    ${events}

*** Test Cases ***
Two Runs Are Equal
    [Documentation]    They are paused at different moments, by breaks, which must not be seen in anything either.
    ${first}=    Tell The Story    UV_ESM
    Execute Command    Clear
    ${second}=    Tell The Story    UV_PAGE_IN nth=3
    Should Be Equal    ${first}[0]    ${second}[0]
    Should Be Equal    ${first}[1]    ${second}[1]
    Should Be Equal    ${first}[2]    ${second}[2]
    Should Contain    ${first}[3]    UV_SHARE_PAGE
    Should Be Equal    ${first}[3]    ${second}[3]
