*** Settings ***
Documentation     Save and Load while a secure guest runs: it goes on as if nothing had been, to the same tick.
Resource          renode-uvmem.resource

*** Test Cases ***
Running Secure Guest Survives Save And Load
    Start Secure Guest
    ${file}=    Allocate Temporary File
    ${svms}=    Execute Command    uv Svms
    Execute Command    Save @${file}
    ${unsaved}=    Story Should End Well
    ${calls}=    Execute Command    uv Counters
    # In the same Renode, over the machine that is there.
    Load Snapshot    ${file}
    Guest Should Go On    ${svms}    ${unsaved}[Timestamp]    ${calls}
    # After everything was thrown away, as in a Renode that has just begun.
    Execute Command    Clear
    Execute Command    include @${PLUGIN}/renode-uvmem.py
    Load Snapshot    ${file}
    Guest Should Go On    ${svms}    ${unsaved}[Timestamp]    ${calls}

*** Keywords ***
Guest Should Go On
    [Arguments]    ${svms}    ${end}    ${calls}
    There Should Be One Secure Guest
    ${now}=    Execute Command    uv Svms
    Should Be Equal    ${now}    ${svms}
    ${line}=    Story Should End Well
    Should Be Equal    ${line}[Timestamp]    ${end}
    ${now}=    Execute Command    uv Counters
    Should Be Equal    ${now}    ${calls}
